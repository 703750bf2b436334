// The stages of a payment, as steps with words: done, now, to come.

import { html, type TemplateResult } from 'lit';
import type { Tone } from '../lib/facts.ts';
import type { InvoiceView } from '../lib/messages.ts';
import { en } from '../strings/en.ts';

type Step = keyof typeof en.steps;

export function steps(invoice: InvoiceView, tone: Tone): TemplateResult {
  const { status, request } = invoice;
  const names: Step[] =
    request.confirmations === 0
      ? ['awaiting', 'seen', 'settled']
      : ['awaiting', 'seen', 'confirming', 'settled'];
  const at = names.indexOf(status.type as Step);
  const over = status.type === 'expired' || status.type === 'cancelled';
  return html`<ol class="steps ${over ? 'ended' : ''}" aria-label=${en.progressOfInvoice}>
    ${names.map((name, index) => {
      const now = index === at;
      const look = now
        ? name === 'settled' && tone === 'good'
          ? 'good'
          : `now ${tone === 'bad' ? 'bad' : ''}`
        : index < at
          ? 'done'
          : '';
      const depth =
        now && status.type === 'confirming' ? ` ${en.confirmations(status.depth, status.of)}` : '';
      return html`<li class=${look} aria-current=${now ? 'step' : 'false'}>
        ${en.steps[name]}<span class="num">${depth}</span>
      </li>`;
    })}
  </ol>`;
}
