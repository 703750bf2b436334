// What is true of an invoice beyond its status, as the page needs it: how it looks and what is to be
// done next. Decided in the core; named here for drawing.

import type { Decision, InvoiceFlag, InvoiceView } from './messages.ts';
import type { NetworkState } from './session.ts';

/** Green is the merchant's threshold, red a conflict or failed check, amber at risk, grey waiting. */
export type Tone = 'wait' | 'good' | 'risk' | 'bad';

export const has = (invoice: InvoiceView, flag: InvoiceFlag): boolean =>
  invoice.flags.includes(flag);

/** Whether the merchant decided so. */
export const decided = (invoice: InvoiceView, decision: Decision): boolean =>
  invoice.changes.some(({ reason }) => reason.type === 'decided' && reason.decision === decision);

/** Nothing more is expected of it. */
export const isOver = ({ status }: InvoiceView): boolean =>
  status.type === 'settled' || status.type === 'expired' || status.type === 'cancelled';

/** A coin of a payment was spent elsewhere, and no block has decided for this till. */
export const inConflict = (invoice: InvoiceView): boolean =>
  invoice.verdict.answer === 'conflict' ||
  (has(invoice, 'conflict') && invoice.status.type !== 'settled');

/** Enough was there after the expiry, or while the till was away, and nobody decided yet. */
export const isLate = (invoice: InvoiceView): boolean =>
  (has(invoice, 'late') || has(invoice, 'timeUnknown')) &&
  invoice.status.type !== 'settled' &&
  invoice.status.type !== 'cancelled' &&
  !decided(invoice, 'acceptLate') &&
  !has(invoice, 'marked');

/** A hand-over before the threshold can be decided: enough was seen, and it is not late. */
export const isAcceptable = (invoice: InvoiceView): boolean =>
  (invoice.status.type === 'seen' || invoice.status.type === 'confirming') &&
  invoice.credit >= invoice.need &&
  !has(invoice, 'acceptedAtRisk') &&
  !isLate(invoice);

/** Why nothing can be said of what was not watched; undefined when the till is watching. */
export function blindness(net: NetworkState): NetworkState['type'] | undefined {
  return net.type === 'connected' || net.type === 'fetching' ? undefined : net.type;
}

/** Whether the question is open that only a watching till can answer. */
export const isWaiting = ({ status }: InvoiceView): boolean =>
  status.type === 'awaiting' || status.type === 'draft' || status.type === 'expired';

export function tone(invoice: InvoiceView, net: NetworkState): Tone {
  const { status, verdict, alarm } = invoice;
  if (alarm || inConflict(invoice)) return 'bad';
  if (status.type === 'cancelled') return 'wait';
  // Whoever rents hash power rewrites the chain: proof of work alone is never a confident green.
  if (status.type === 'settled' && verdict.rentable) return 'risk';
  if (status.type === 'settled')
    return verdict.answer === 'confirmed' || accepted(invoice) ? 'good' : 'risk';
  if (verdict.answer === 'cannotTell' || blindness(net)) return 'risk';
  if (has(invoice, 'partial') || isLate(invoice) || has(invoice, 'stuck')) return 'risk';
  if (has(invoice, 'acceptedAtRisk') || has(invoice, 'reorged')) return 'risk';
  return 'wait';
}

/** With zero confirmations wanted, "seen" is the merchant's own threshold. */
const accepted = (invoice: InvoiceView): boolean =>
  invoice.request.confirmations === 0 && invoice.verdict.answer === 'seenUnverified';

/** The one copper button of the view. */
export type NextStep = 'acknowledge' | 'acceptLate' | 'newInvoice' | 'none';

export function nextStep(invoice: InvoiceView): NextStep {
  if (invoice.alarm) return 'acknowledge';
  if (isLate(invoice)) return 'acceptLate';
  if (isOver(invoice) || has(invoice, 'acceptedAtRisk')) return 'newInvoice';
  return 'none';
}
