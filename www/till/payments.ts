// Every payment that was seen, and what happened, oldest first.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText } from '../components/amount.ts';
import '../components/hash-text.ts';
import { shape, type Shape } from '../components/icons.ts';
import { integer, moment, shorten } from '../lib/format.ts';
import type { InvoiceView, PaymentState, PaymentView } from '../lib/messages.ts';
import { chainLink } from '../lib/route.ts';
import { en } from '../strings/en.ts';

const SHAPES: Record<PaymentState['type'], Shape> = {
  seen: 'eye',
  conflicted: 'clash',
  replaced: 'triangle',
  mined: 'blocks',
  reorged: 'triangle',
  dead: 'clash',
};

const short = (id: string): string => shorten(id, 8, 6);

function payment(view: PaymentView, unit: string, network: string): TemplateResult {
  const { state } = view;
  const bad = state.type === 'dead' || state.type === 'conflicted';
  const other = 'by' in state ? state.by : undefined;
  return html`<li
    data-testid="payment"
    data-txid=${view.txid}
    data-state=${state.type}
    data-counts=${String(view.counts)}
  >
    <div class="row spread">
      <b class="num">${amountText(view.value, unit)}</b>
      <span class="tag ${bad ? 'bad' : view.counts ? 'wait' : 'risk'}"
        >${shape(SHAPES[state.type])}${en.payment(state, short, integer)}</span
      >
    </div>
    <div class="row spread cap num">
      <hash-text
        .value=${view.txid}
        .name=${en.chainPage.transaction}
        .href=${chainLink(network, { transaction: view.txid })}
      ></hash-text>
      <span
        >${en.payments.first(moment(view.firstSeen))}${view.counts ? '' : ` · ${en.payments.doesNotCount}`}</span
      >
    </div>
    ${
      other
        ? html`<div class="row cap">
            <span>${en.payments.other}</span
            ><hash-text .value=${other} .name=${en.payments.other}></hash-text>
          </div>`
        : nothing
    }
  </li>`;
}

export function payments(
  invoice: InvoiceView,
  unit: string,
  network: string,
): TemplateResult | typeof nothing {
  if (!invoice.payments.length) return nothing;
  return html`<section class="card" aria-labelledby="payments">
    <h2 id="payments">${en.payments.title}</h2>
    <ul class="payments">
      ${invoice.payments.map((view) => payment(view, unit, network))}
    </ul>
  </section>`;
}

export function changes(invoice: InvoiceView): TemplateResult {
  return html`<details class="card fold">
    <summary>${en.changes}</summary>
    <ol class="changes num">
      ${invoice.changes.map(
        (change) =>
          html`<li
            class=${change.alarm ? 'alarmed' : ''}
            data-testid="change"
            data-reason=${change.reason.type}
          >
            <span class="cap">${moment(change.at)}</span>
            <span>${en.reason(change.reason, short, integer)}</span>
            <span class="cap">${en.statusShort[change.status.type]}</span>
          </li>`,
      )}
    </ol>
  </details>`;
}
