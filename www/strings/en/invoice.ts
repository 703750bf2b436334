// One invoice: the sentence, where it stands, why, and how it is known.

import type {
  InvoiceFlag,
  InvoiceStatus,
  PaymentState,
  Reason,
  VerdictAnswer,
} from '../../lib/messages.ts';
import { till } from './till.ts';
import { capital, operators, plural, word } from './words.ts';

export const invoice = {
  /** The first thing on the page: one sentence that a cashier can act on. */
  sentence: {
    loading: 'Looking for the invoice…',
    unknown: (id: number): string => `This till has no invoice ${id}.`,
    conflict: 'Do not hand over: the same coin was spent elsewhere.',
    depthLost: 'Less sure than before: blocks over the payment were abandoned.',
    forgotten: 'A payment was dropped: look again before you hand over.',
    doubleSpent: 'Do not hand over: a block holds another spend of the same coin.',
    replaced: 'Do not hand over: the payment was replaced by one that pays less.',
    replacedMore:
      'The payment was replaced by another that still pays: its confirmations start again.',
    reorged: 'Not confirmed any more: the block with the payment was abandoned.',
    alarm: 'Look at this before you hand over.',
    cannotTell: (why: string): string => `Cannot tell: ${why}.`,
    staleTip: 'no new block has come for too long',
    notWatched: 'this till was away for a part of the time',
    noOperator: 'no node answers',
    awaiting: 'Waiting for the payment.',
    partial: (missing: string): string => `Not enough yet: ${missing} is missing.`,
    seen: 'Seen, not yet in a block: the nodes say so, nothing is verified.',
    late: 'Paid too late: accept it, or give it back.',
    stuck: 'Seen a day ago, and still in no block.',
    confirming: (depth: number, of: number): string => `Confirming: ${depth} of ${of} blocks.`,
    settled: (depth: number): string =>
      depth === 0
        ? 'Accepted as seen, in no block yet.'
        : `Paid, with ${word(depth)} ${plural(depth, 'confirmation', 'confirmations')}.`,
    settledOver: (depth: number): string =>
      `Paid, and more than was due, with ${word(depth)} ${plural(depth, 'confirmation', 'confirmations')}.`,
    settledBefore: (depth: number, why: string): string =>
      `Paid, with ${word(depth)} ${plural(depth, 'confirmation', 'confirmations')}, as last heard: ${why}.`,
    atRisk: 'Accepted at your own risk.',
    expired: 'Expired: not enough came in time.',
    cancelled: 'Cancelled: this till no longer watches for it.',
  },
  sub: {
    listening: (count: number): string =>
      `${capital(operators(count))} ${plural(count, 'is', 'are')} listened to; every transaction announced is looked at here, so nobody learns the address.`,
    blind: 'What is paid meanwhile shows when a block holds it, or when it is sent again.',
    conflict:
      'Two transactions spend one coin. Until a block holds one of them, neither counts here.',
    doubleSpent: 'The payment to this till can never be confirmed. Ask for another one.',
    reorged: 'The most work is now in another branch. The payment was sent to the nodes again.',
    depthLost: 'The most work is now in another branch. The payment is in it too, less deep.',
    replaced: 'Any payment can be replaced until a block holds it.',
    seen: 'Until a block holds it, it can be replaced by another. Wait, or hand over at your own risk.',
    confirming:
      'The payment is in a block whose proof of work and Merkle tree were checked in this tab.',
    settled: (height: string): string =>
      `The payment is in block ${height}, whose proof of work and Merkle tree were checked in this tab.`,
    settledCheap: (height: string, time: string): string =>
      `The payment is in block ${height}, checked in this tab. One graphics card could rewrite that in ${time}: good for practice and among people who trust each other.`,
    settledUnverified: 'You asked for no confirmation: nothing about this payment is verified.',
    partial: 'The code now asks for what is missing.',
    late: 'The time had run out when enough was there.',
    expired: 'The network was watched all the time. A later payment will still be shown.',
    cancelled: 'The address stays this invoice’s.',
  },
  steps: { awaiting: 'Awaiting', seen: 'Seen', confirming: 'Confirming', settled: 'Settled' },
  progressOfInvoice: 'Stages of the payment',
  status: {
    draft: 'Being stored',
    awaiting: 'Nothing seen yet',
    seen: 'Seen, unverified',
    confirming: 'Confirming',
    settled: 'Settled',
    expired: 'Expired',
    cancelled: 'Cancelled',
  } satisfies Record<InvoiceStatus['type'], string>,
  statusShort: {
    draft: 'storing',
    awaiting: 'awaiting',
    seen: 'seen',
    confirming: 'confirming',
    settled: 'settled',
    expired: 'expired',
    cancelled: 'cancelled',
  } satisfies Record<InvoiceStatus['type'], string>,
  confirmations: (depth: number, of: number): string => `${depth} of ${of}`,
  confirmationsWord: 'confirmations',
  notEnough: 'Seen, not enough',
  nothingCounts: 'In conflict: nothing counts',
  watchedSoFar: (watched: string): string => `Watched ${watched}.`,
  creditOf: (credit: string, due: string): string => `${credit} of ${due} paid`,
  flags: {
    partial: 'Not enough',
    over: 'More than due',
    late: 'Late',
    timeUnknown: 'Time unknown',
    stuck: 'Stuck for a day',
    conflict: 'Conflict',
    bumped: 'Replaced, still pays',
    reorged: 'Block abandoned',
    acceptedAtRisk: 'Accepted at risk',
    marked: 'Refund noted',
    ambiguous: 'Shared address',
  } satisfies Record<InvoiceFlag, string>,
  flagMeans: {
    partial: 'Something was paid, and it is not enough.',
    over: 'More was paid than is due. Ask for an address to give it back; never guess one.',
    late: 'Enough was first there after the expiry.',
    timeUnknown: 'Enough came while this till was away: before or after the expiry is unknown.',
    stuck: 'A payment has been in no block for 24 hours. It may still be mined.',
    conflict: 'Another transaction spends the same coin as a payment.',
    bumped: 'A payment was replaced by one that still pays.',
    reorged: 'A payment’s block left the best chain.',
    acceptedAtRisk: 'You handed over before it was settled.',
    marked: 'You noted that it is to be given back.',
    ambiguous: 'Another invoice had the same address: whose a payment is was told by time alone.',
  } satisfies Record<InvoiceFlag, string>,
  credit: 'Paid so far',
  remaining: 'Missing',
  excess: 'Over',
  untitled: (id: number): string => `Invoice ${id}`,
  expiresIn: (time: string): string => `expires in ${time}`,
  expiredAgo: (time: string): string => `the time ran out ${time} ago`,
  code: (amount: string, address: string): string => `Payment code for ${amount} to ${address}`,
  codeAsks: (amount: string): string => `The code asks for the ${amount} that is missing.`,
  noCode: 'The payment link is too long for a code: copy it instead.',
  addressCopy: 'Copy the address',
  linkCopy: 'Copy the payment link',
  verdict: {
    cannotTell: 'Cannot tell',
    nothingSeen: 'Nothing seen while watching',
    tooLittle: 'Seen, and not enough',
    seenUnverified: 'Seen; a light client cannot know that its coins exist',
    confirming: 'Verified in blocks, not yet as deep as you want',
    confirmed: 'Verified in blocks, as deep as you want',
    conflict: 'In conflict: do not hand over',
  } satisfies Record<VerdictAnswer, string>,
  known: {
    title: 'How it is known',
    operators: 'Operators',
    operatorsNone: 'none connected',
    operatorsValue: (count: number, last: string): string =>
      `${count} listened to, last word ${last} ago`,
    operatorsSilent: (count: number): string => `${count} connected, none has said anything`,
    lastWord: (last: string): string => `none connected, last word ${last} ago`,
    seenBy: 'Seen by',
    seenByValue: (seen: number, of: number, first: string): string =>
      `${seen} of ${of} ${plural(of, 'operator', 'operators')}, first ${first}`,
    seenFirst: (first: string): string => `this till, first ${first}`,
    conflicts: 'Conflicts',
    conflictsNone: 'none seen',
    conflictsValue: (count: number): string =>
      `shown by ${count} ${plural(count, 'operator', 'operators')}`,
    tip: 'Newest block',
    tipValue: (height: string, age: string): string => `height ${height}, ${age} old`,
    tipStale: 'too old to call anything confirmed',
    tipChecked: 'work checked here',
    tipTrusted: 'its work is cheap: the peers are trusted',
    watched: 'Watched',
    since: (since: string): string => `since ${since}`,
    notNow: 'not now: nothing can be told',
    notWatched: 'Not watched',
    notWatchedMeans:
      'What was announced then shows when a block holds it, or when it is sent again. Paste the transaction to be sure now.',
    watchedSince: (since: string): string => `since ${since} without a gap`,
    watchedExcept: (since: string, gaps: string): string => `since ${since}, but not from ${gaps}`,
    gap: (from: string, to: string): string => `${from} to ${to}`,
    gapOpen: (from: string): string => `${from} until now`,
    lookedAt: (count: string): string => `${count} transactions looked at`,
    lookedAtLabel: 'Looked at',
    scanned: (from: string, to: string): string => `blocks ${from} to ${to}`,
    depth: 'Depth',
    depthNone: 'in no block',
    depthValue: (depth: string, blocks: number): string =>
      `${depth} ${plural(blocks, 'block', 'blocks')}`,
    work: (hashes: string): string => `${hashes} hashes to rewrite`,
    attacker: (share: string): string => `An attacker with ${share}`,
    attackerValue: (odds: string): string => `catches up with odds ${odds}`,
    atRisk: (value: string, of: string): string => `${value} of ${of} at risk`,
    rewrite: 'To rewrite it',
    rewriteValue: (hashes: string, time: string): string =>
      `${hashes} hashes: ${time} on one graphics card`,
    underASecond: 'under a second',
    rentable:
      'Hash power can be rented by anyone: on a network of this size proof of work alone makes no payment safe.',
    attackerUnseen: 'needs no luck: no block holds it',
    leaks: 'Leaks',
    leaksValue: 'nothing but that this till is online',
  },
  payments: {
    title: 'Payments',
    first: (time: string): string => `first seen ${time}`,
    doesNotCount: 'does not count',
    other: 'the other transaction',
  },
  changes: 'What happened',
  alarm: {
    title: (time: string): string => `Alarm at ${time}`,
    elsewhere: (label: string): string => `Alarm: ${label}`,
    look: 'Look at it',
    acknowledge: 'I have read this',
  },
  /** Why an invoice changed. */
  reason(reason: Reason, short: (id: string) => string, number: (n: number) => string): string {
    switch (reason.type) {
      case 'created':
        return 'It was made.';
      case 'paymentSeen':
        return `Payment ${short(reason.txid)} was announced.`;
      case 'paymentMined':
        return `Payment ${short(reason.txid)} is in block ${number(reason.height)}.`;
      case 'blockAdded':
        return `Block ${number(reason.height)} came on top.`;
      case 'conflictSeen':
        return `Transaction ${short(reason.by)} spends the same coin as payment ${short(reason.txid)}.`;
      case 'paymentReplaced':
        return reason.stillPays
          ? `Payment ${short(reason.txid)} was replaced by ${short(reason.by)}, which still pays.`
          : `Payment ${short(reason.txid)} was replaced by ${short(reason.by)}, which pays less or nothing.`;
      case 'reorganisedOut':
        return `Block ${number(reason.height)} with payment ${short(reason.txid)} was abandoned for a branch with more work.`;
      case 'doubleSpent':
        return `A block holds ${short(reason.by)}, which spends the coin of payment ${short(reason.txid)}.`;
      case 'depthLost':
        return `Blocks over the payment were abandoned; it is still in the chain, now ${number(reason.height)} high.`;
      case 'paymentForgotten':
        return `Payment ${short(reason.txid)} was dropped: one operator announced more than can be kept.`;
      case 'timeRanOut':
        return 'The time ran out.';
      case 'decided':
        return till.actions.decided[reason.decision];
    }
  },
  /** How a payment stands. */
  payment(
    state: PaymentState,
    short: (id: string) => string,
    number: (n: number) => string,
  ): string {
    switch (state.type) {
      case 'seen':
        return 'seen, in no block';
      case 'conflicted':
        return `in conflict with ${short(state.by)}`;
      case 'replaced':
        return `replaced by ${short(state.by)}`;
      case 'mined':
        return `in block ${number(state.height)}, ${number(state.depth)} deep`;
      case 'reorged':
        return 'its block was abandoned';
      case 'dead':
        return `dead: a block holds ${short(state.by)}`;
    }
  },
};
