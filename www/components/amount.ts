// An amount: tabular, in groups that the eye can take in, its unit small. The text is the plain
// number, so that copying and reading it aloud give `0.00042000 BTC`.

import { html, type TemplateResult } from 'lit';
import { amountGroups, formatAmount } from '../lib/amount.ts';

export function bigAmount(units: bigint, unit: string, testId?: string): TemplateResult {
  const groups = amountGroups(units);
  const long = formatAmount(units).length > 11;
  return html`<p
    class="amount num ${long ? 'long' : ''}"
    data-testid=${testId ?? 'big-amount'}
    data-units=${units.toString()}
  >
    ${groups.map((group) => html`<span class="group">${group}</span>`)}<span class="unit">
      ${unit}</span
    >
  </p>`;
}

export const amountText = (units: bigint, unit: string): string => `${formatAmount(units)} ${unit}`;
