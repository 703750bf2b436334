// Recent payments, one press away.

import { html, nothing, type TemplateResult } from 'lit';
import { shape, type Shape } from '../components/icons.ts';
import { formatAmount } from '../lib/amount.ts';
import { tone } from '../lib/facts.ts';
import { moment, unixNow } from '../lib/format.ts';
import type { InvoiceView } from '../lib/messages.ts';
import type { Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';

/** As many as a hand takes in; the rest is scrolled to. */
const MOST_SHOWN = 50;

export function statusShape(invoice: InvoiceView): Shape {
  const { status } = invoice;
  if (status.type === 'cancelled') return 'stop';
  if (status.type === 'expired') return 'hourglass';
  if (status.type === 'settled') return 'check';
  if (status.type === 'confirming') return 'blocks';
  return status.type === 'seen' ? 'eye' : 'clock';
}

function row(invoice: InvoiceView, session: Session): TemplateResult {
  const { status, request } = invoice;
  const colour = tone(invoice, session.networkState(unixNow()));
  const word =
    status.type === 'confirming'
      ? en.confirmations(status.depth, status.of)
      : en.statusShort[status.type];
  return html`<li>
    <a
      href="#invoice=${invoice.id}"
      data-testid="invoice-row"
      data-id=${invoice.id}
      data-status=${status.type}
    >
      <span class="who"
        >${request.label || en.untitled(invoice.id)}<span class="cap num"
          >${moment(invoice.created)}</span
        ></span
      >
      <span class="num">${formatAmount(request.due)}</span>
      <span class="tag ${status.type === 'awaiting' ? 'wait' : colour}"
        >${shape(invoice.alarm ? 'clash' : statusShape(invoice))}${word}</span
      >
    </a>
  </li>`;
}

export function invoiceList(session: Session): TemplateResult {
  const invoices = session.newestInvoices.slice(0, MOST_SHOWN);
  return html`<section class="card" aria-labelledby="recent">
    <h2 id="recent">${en.list.title}</h2>
    <ul class="rows" data-testid="invoice-list">
      ${invoices.map((invoice) => row(invoice, session))}
    </ul>
    ${invoices.length ? nothing : html`<p class="cap">${session.listed ? en.list.none : en.list.reading}</p>`}
  </section>`;
}
