// A rate of hashes: `4.71 million hashes a second`, large, or as a few words; or why there is none.

import { html, type TemplateResult } from 'lit';
import { magnitude } from '../lib/format.ts';
import type { WorkState } from '../lib/work.ts';
import { en } from '../strings/en.ts';

export const rateText = (rate: number): string => {
  const { value, word } = magnitude(rate);
  return en.work.rate(value, word);
};

export const countText = (count: number): string => {
  const { value, word } = magnitude(count);
  return `${value} ${word}`.trim();
};

export const bigRate = (rate: number): TemplateResult => {
  const { value, word } = magnitude(rate);
  return html`<p class="big num" data-testid="hash-rate" data-rate=${Math.round(rate)}>
    ${value} <span class="cap">${en.work.rate('', word)}</span>
  </p>`;
};

/** What is waited for, in a sentence; empty: nothing. */
export function waitingText({ waiting, paused }: WorkState): string {
  if (waiting === 'paused' && paused) return en.work.paused[paused];
  return waiting ? en.work.waiting[waiting] : '';
}
