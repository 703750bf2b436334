// The one sentence of an invoice, and the one after it. The order is that of what a cashier must not
// miss: an alarm, then not knowing, then where the payment stands.

import { amountText } from '../components/amount.ts';
import { blindness, has, inConflict, isLate, isWaiting } from '../lib/facts.ts';
import { integer } from '../lib/format.ts';
import type { InvoiceView } from '../lib/messages.ts';
import type { NetworkState } from '../lib/session.ts';
import { en } from '../strings/en.ts';
import { cardTime } from './card-time.ts';

export interface Sentence {
  text: string;
  sub: string;
}

export function sentence(invoice: InvoiceView, net: NetworkState, unit: string): Sentence {
  return alarming(invoice) ?? unknowing(invoice, net) ?? standing(invoice, unit);
}

function alarming(invoice: InvoiceView): Sentence | undefined {
  const reason = invoice.alarm?.reason;
  if (reason?.type === 'doubleSpent')
    return { text: en.sentence.doubleSpent, sub: en.sub.doubleSpent };
  if (reason?.type === 'reorganisedOut') return { text: en.sentence.reorged, sub: en.sub.reorged };
  if (reason?.type === 'paymentReplaced')
    return reason.stillPays
      ? { text: en.sentence.replacedMore, sub: en.sub.replaced }
      : { text: en.sentence.replaced, sub: en.sub.replaced };
  if (reason?.type === 'depthLost') return { text: en.sentence.depthLost, sub: en.sub.depthLost };
  if (reason?.type === 'paymentForgotten') return { text: en.sentence.forgotten, sub: '' };
  if (reason?.type === 'conflictSeen' || inConflict(invoice))
    return { text: en.sentence.conflict, sub: en.sub.conflict };
  if (reason) return { text: en.sentence.alarm, sub: '' };
  return undefined;
}

/** The till never says "not paid" of a time that it did not watch. */
function unknowing(invoice: InvoiceView, net: NetworkState): Sentence | undefined {
  const { status, verdict } = invoice;
  if (status.type === 'cancelled') return undefined;
  const blind = blindness(net);
  if (blind && isWaiting(invoice))
    return { text: en.sentence.cannotTell(en.blind[blind]), sub: en.sub.blind };
  if (verdict.answer !== 'cannotTell') return undefined;
  // Paid is what was known; a tip that is too old takes even that away.
  if (status.type === 'settled' && status.depth > 0 && !verdict.tipStale)
    return {
      text: en.sentence.settledBefore(status.depth, blind ? en.blind[blind] : why(invoice)),
      sub: en.sub.settled(lastBlock(invoice)),
    };
  if (blind) return { text: en.sentence.cannotTell(en.blind[blind]), sub: en.sub.blind };
  return { text: en.sentence.cannotTell(why(invoice)), sub: en.sub.blind };
}

/** Why the core cannot tell. */
function why({ verdict }: InvoiceView): string {
  if (verdict.tipStale) return en.sentence.staleTip;
  return verdict.operators.length === 0 ? en.sentence.noOperator : en.sentence.notWatched;
}

function standing(invoice: InvoiceView, unit: string): Sentence {
  const { status, verdict } = invoice;
  const listening = en.sub.listening(verdict.operators.length);
  if (status.type === 'cancelled') return { text: en.sentence.cancelled, sub: en.sub.cancelled };
  if (status.type === 'settled') {
    const { depth } = status;
    const text =
      has(invoice, 'over') && depth > 0
        ? en.sentence.settledOver(depth)
        : en.sentence.settled(depth);
    return {
      text,
      sub: depth === 0 ? en.sub.settledUnverified : settledIn(invoice),
    };
  }
  if (has(invoice, 'acceptedAtRisk')) return { text: en.sentence.atRisk, sub: en.sub.replaced };
  if (isLate(invoice)) return { text: en.sentence.late, sub: en.sub.late };
  if (status.type === 'confirming')
    return { text: en.sentence.confirming(status.depth, status.of), sub: en.sub.confirming };
  if (has(invoice, 'stuck')) return { text: en.sentence.stuck, sub: en.sub.seen };
  if (status.type === 'seen') return { text: en.sentence.seen, sub: en.sub.seen };
  if (has(invoice, 'partial'))
    return { text: en.sentence.partial(amountText(invoice.remaining, unit)), sub: en.sub.partial };
  if (status.type === 'expired') return { text: en.sentence.expired, sub: en.sub.expired };
  return { text: en.sentence.awaiting, sub: listening };
}

/** What stands behind a settled payment. */
function settledIn(invoice: InvoiceView): string {
  const { rewriteSeconds } = invoice.verdict;
  return rewriteSeconds === null
    ? en.sub.settled(lastBlock(invoice))
    : en.sub.settledCheap(lastBlock(invoice), cardTime(rewriteSeconds));
}

/** The highest block that holds a payment which counts. */
function lastBlock(invoice: InvoiceView): string {
  const heights = invoice.payments.flatMap((p) =>
    p.counts && p.state.type === 'mined' ? [p.state.height] : [],
  );
  return heights.length ? integer(Math.max(...heights)) : '';
}
