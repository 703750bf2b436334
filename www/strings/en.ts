// Every word of the pages, in one catalogue. Values are sentences or functions that make one;
// numbers come in already formatted. Nothing here is HTML.

import type { AmountProblem } from '../lib/amount.ts';
import type {
  Decision,
  InvoiceFlag,
  InvoiceStatus,
  NoticeKind,
  PaymentState,
  PeerState,
  Progress,
  Reason,
  VerdictAnswer,
} from '../lib/messages.ts';
import type { Network } from '../lib/networks.ts';
import type { NetworkState } from '../lib/session.ts';

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many);
const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** Small counts as words: `two`. */
const word = (count: number): string => words[count] ?? String(count);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const operators = (count: number): string =>
  `${word(count)} ${plural(count, 'operator', 'operators')}`;

export const en = {
  name: 'Farthing',
  pages: 'Pages',
  till: 'Till',
  chain: 'Chain',
  skip: 'Skip to the content',
  needsScript: 'Farthing checks payments in this browser itself, and needs JavaScript for it.',
  copy: 'Copy',
  copied: 'Copied',
  cannotCopy: 'Select it and copy it: the browser did not allow it',
  show: 'Show all of it',
  dismiss: 'Dismiss',
  back: 'Back',

  networks: {
    bitcoin: 'Bitcoin',
    testnet4: 'Testnet 4',
    testnet3: 'Testnet 3',
    signet: 'Signet',
    regtest: 'Regtest',
  } satisfies Record<Network, string> as Record<string, string>,

  net: {
    setup: 'No node yet',
    connecting: 'connecting',
    silent: 'no node answers',
    offline: 'offline',
    restarting: 'restarting',
    failed: 'stopped',
    fetching: (percent: string): string => `fetching headers, ${percent}`,
    operators: (count: number): string => `${count} ${plural(count, 'operator', 'operators')}`,
    tipAge: (age: string): string => `newest block ${age} old`,
    stale: (age: string): string => `no block for ${age}`,
  },

  /** Why the till cannot answer. */
  blind: {
    setup: 'no node is set up',
    failed: 'the client in this tab stopped',
    restarting: 'the client in this tab is starting again',
    offline: 'this till is offline',
    connecting: 'no node has answered yet',
    silent: 'no node answers',
    stale: 'no block has come for too long',
    fetching: '',
    connected: '',
  } satisfies Record<NetworkState['type'], string>,

  keypad: {
    empty: 'What is due?',
    ready: (amount: string): string => `Ask for ${amount}.`,
    sub: 'Every payment is checked in this tab; no server is believed.',
    lines: (count: number): string => `${count} ${plural(count, 'line', 'lines')} so far`,
    amount: (unit: string): string => `Amount in ${unit}`,
    label: 'Label',
    labelHint: 'Table 7 (if you like)',
    add: 'Add a line',
    addKey: '+',
    clear: 'Clear the last line; hold for all',
    clearKey: 'C',
    showCode: 'Show the code',
    making: 'Storing the invoice…',
    settings: 'Settings',
    pad: 'Keypad',
    total: 'Total',
    paidTo: 'Paid to',
    waitsFor: (count: number): string =>
      count === 0
        ? 'green once seen, unverified'
        : `green after ${count} ${plural(count, 'confirmation', 'confirmations')}`,
  },

  amountProblems: {
    empty: 'Type an amount first.',
    notANumber: 'An amount is digits with one decimal point, such as 0.00042.',
    tooManyPlaces: 'The smallest unit is the 8th decimal; there are more decimals here.',
    zero: 'An amount of zero cannot be asked for.',
    tooLarge: 'This is more than all 21,000,000 coins.',
  } satisfies Record<AmountProblem, string>,

  settings: {
    first: 'Set up the till.',
    again: 'Settings of the till.',
    sub: 'A network, at least one node to listen to, and the address that is to be paid. This stays in this browser.',
    network: 'Network',
    where: 'Where it listens',
    offered: 'Nodes that this site offers',
    noneOffered: 'This site offers no node for this network.',
    others: 'Other nodes',
    othersHint:
      'One WebSocket address a line, ws:// or wss://: a bridge to a Bitcoin node. More operators know more; two ports of one operator do not.',
    whatFor: 'What it asks for',
    address: 'Address that is to be paid',
    addressHint: 'From your own wallet. This till cannot spend, and holds no key.',
    when: 'When it is green',
    confirmations: 'Confirmations',
    confirmationsHint: 'Blocks over a payment until it is settled, 0 to 100.',
    tolerance: 'May be missing, %',
    toleranceHint: 'Of the amount due; under 100.',
    expiry: 'Expires after, minutes',
    expiryHint: 'A later payment is shown, and never settles by itself.',
    share: 'Attacker’s share, %',
    shareHint: 'Of all hash power, for the odds in the verdict.',
    save: 'Save and open the till',
    checking: 'Checking the address…',
    fromLink:
      'A link filled in what follows. Compare the address with your own wallet before you save.',
    trusts:
      'Headers are cheap to make on this network: the till trusts its peers there. For tests only.',
    problems: {
      noNodes: 'Choose or type at least one node.',
      tooManyNodes: (most: number): string => `At most ${most} nodes.`,
      notWebSocket: (text: string): string => `“${text}” is no ws:// or wss:// address.`,
      insecure: (text: string): string =>
        `“${text}”: this page came over https, so the browser allows wss:// alone.`,
      noAddress: 'Type the address that is to be paid.',
      confirmations: 'A whole number from 0 to 100.',
      tolerance: 'A number from 0, under 100.',
      expiry: 'A number of minutes over 0, at most 525,600.',
      share: 'A number from 0 to 100.',
      notStored: 'The browser keeps nothing for this page: the settings hold until it is closed.',
    },
  },

  prefill: {
    network: (text: string): string =>
      `The link names “${text}”, which is no network that this till knows.`,
    address: (text: string): string => `The link’s address “${text}” is not one.`,
    amount: (text: string, why: string): string =>
      `The link’s amount “${text}” was not taken. ${why}`,
    label: (length: number): string =>
      `The link’s label has ${length} characters, 80 are the most.`,
  },

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
  creditOf: (credit: string, due: string): string => `${credit} of ${due}`,

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
    ambiguous:
      'Another invoice had the same address: whose a payment is was told by time alone.',
  } satisfies Record<InvoiceFlag, string>,

  due: 'Due',
  credit: 'Paid so far',
  remaining: 'Missing',
  excess: 'Over',
  untitled: (id: number): string => `Invoice ${id}`,
  expiresIn: (time: string): string => `expires in ${time}`,
  expiredAgo: (time: string): string => `expired ${time} ago`,
  code: (amount: string, address: string): string => `Payment code for ${amount} to ${address}`,
  noCode: 'The payment link is too long for a code: copy it instead.',
  addressCopy: 'Copy the address',
  linkCopy: 'Copy the payment link',
  remainderAsked: 'asks for what is missing',

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
    attackerUnseen: 'needs no luck: no block holds it',
    leaks: 'Leaks',
    leaksValue: 'nothing but that this till is online',
  },

  payments: {
    title: 'Payments',
    none: 'None seen.',
    first: (time: string): string => `first seen ${time}`,
    by: (names: string): string => `from ${names}`,
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

  actions: {
    newInvoice: 'Next customer',
    back: 'Keypad',
    acceptRisk: 'Accept at risk…',
    acceptRiskTitle: 'Hand over before it is settled?',
    acceptRiskText:
      'The payment can still be replaced or fall out of the chain; then it is lost. This is noted with the invoice.',
    acceptRiskConfirm: 'Accept at my risk',
    acceptLate: 'Accept it late',
    refund: 'Note a refund',
    cancel: 'Cancel…',
    cancelTitle: 'Stop watching for this payment?',
    cancelText:
      'A payment that comes later will not be noticed here. The address stays this invoice’s.',
    cancelConfirm: 'Stop watching',
    keep: 'Go back',
    decided: {
      cancel: 'You cancelled it.',
      acceptAtRisk: 'You accepted it at your own risk.',
      acceptLate: 'You accepted it late.',
      refund: 'You noted a refund.',
      acknowledge: 'You read the alarm.',
    } satisfies Record<Decision, string>,
  },

  paste: {
    title: 'Paste a transaction',
    hint: 'If the customer’s wallet can show the raw transaction: it is looked at here and sent to the nodes.',
    field: 'Raw transaction in hex',
    send: 'Look at it',
    done: 'It was taken and sent to the nodes.',
    empty: 'A raw transaction is an even number of hex digits.',
  },

  list: {
    title: 'Recent payments',
    none: 'None yet. The first is one amount away.',
    reading: 'Reading…',
  },

  notices: {
    clock: 'Clock',
    storage: 'Storage',
    reorganisation: 'Chain',
    misbehaviour: 'Peer',
    staleTip: 'No block',
  } satisfies Record<NoticeKind, string>,

  chainPage: {
    title: 'Chain',
    noNode: 'No node is set up yet.',
    noNodeSub: 'The till’s settings say which network and which nodes to listen to.',
    openSettings: 'Open the settings',
    starting: 'Reading the stored headers…',
    waiting: 'Waiting for the first node to answer.',
    knows: (height: string, from: string): string =>
      `The best chain is ${height} blocks high, ${from}.`,
    from: (count: number): string =>
      count === 0 ? 'as last heard' : `as ${operators(count)} ${plural(count, 'shows', 'show')} it`,
    fetching: (height: string, of: string): string => `Checking headers: ${height} of about ${of}.`,
    blind: (why: string): string => `as last heard: ${why}`,
    presync: (height: string): string => `First pass: weighing the work of ${height} headers.`,
    sub: (log2: string, since: string): string =>
      `${log2} hashes of work, all added up in this tab${since}.`,
    since: (time: string): string => `; newest header came ${time}`,
    trusts: 'Trusts its peers',
    trustsMeans:
      'Headers are cheap to make on this network: what the peers say is all that is known.',
    tip: 'Tip',
    height: 'Height',
    hash: 'Hash',
    previous: 'Parent',
    root: 'Merkle root',
    time: 'Time',
    timeValue: (time: string, age: string): string => `${time}, ${age} ago`,
    timeAhead: (time: string): string => `${time}, ahead of this clock`,
    bits: 'Target',
    nonce: 'Nonce',
    version: 'Version',
    work: 'Work',
    workValue: (hashes: string): string => `${hashes} hashes`,
    wholeHeader: 'The whole header',
    storage: 'Kept in',
    storages: {
      opfs: 'this browser’s own files',
      indexeddb: 'this browser’s database',
      memory: 'memory alone: gone with the tab',
    } as Record<string, string>,
    progress: {
      presync: 'First pass over the headers',
      headers: 'Headers, verified and kept',
      blocks: 'Blocks, scanned for payments',
    } satisfies Record<Progress['stage'], string>,
    progressOf: (height: string, of: string): string => `${height} of about ${of}`,
    rateHeaders: (rate: string): string => `${rate} headers a second`,
    rateBlocks: (rate: string): string => `${rate} blocks a second`,
    left: (time: string): string => `about ${time} left`,
    plot: 'Height over time',
    tree: 'The newest blocks and their branches',
    treeText: (count: number, branches: number): string =>
      `${count} newest headers, time to the right; ${branches === 0 ? 'no abandoned branch' : `${branches} abandoned ${plural(branches, 'branch', 'branches')}`}.`,
    best: 'best branch',
    abandoned: 'abandoned',
    branches: 'Branches',
    branchNone: 'No competing or abandoned branch was shown.',
    branchFork: 'Forked after',
    branchTip: 'Tip',
    branchLength: 'Blocks',
    table: 'The same as a table',
    bestColumn: 'Branch',
    peers: 'Peers',
    peersNone: 'No peer is configured.',
    lookup: 'Look into a block or a transaction',
    lookupField: 'Block hash or height, or transaction id',
    lookupButton: 'Fetch and check',
    lookupBusy: 'Fetching…',
    lookupBad: 'A height is up to 8 digits; a hash or a transaction id is 64 hex digits.',
    block: (height: string): string => `Block ${height}`,
    blockChecked:
      'The Merkle root was recomputed here from all transactions, and meets the header.',
    transaction: 'Transaction',
    transactions: (count: string): string => `${count} transactions`,
    firstOf: (shown: string, of: string): string => `the first ${shown} of ${of}`,
    size: 'Size',
    sizeValue: (size: string, weight: string): string => `${size} bytes, weight ${weight}`,
    spends: 'Spends',
    coinbase: 'nothing: it creates new coins',
    creates: 'Creates',
    watchedOutput: 'watched by an invoice',
    inBlock: 'In block',
    inNoBlock: 'in no block that was fetched',
    offBest: 'not on the best chain',
  },

  peer: {
    states: {
      connecting: 'Connecting',
      handshaking: 'Shaking hands',
      ready: 'Answers',
      waiting: 'Tried again later',
      banned: 'Left for misbehaviour',
    } satisfies Record<PeerState['type'], string>,
    retry: (time: string): string => `again in ${time}`,
    retryNow: 'trying again now',
    agent: 'Calls itself',
    protocol: 'Protocol',
    services: 'Offers',
    height: 'Best header shown',
    ping: 'Round trip',
    pingValue: (ms: string): string => `${ms} ms`,
    clock: 'Its clock',
    clockValue: (seconds: number): string =>
      seconds === 0 ? 'as ours' : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`,
    heard: 'Last word',
    ago: (time: string): string => `${time} ago`,
    traffic: 'Traffic',
    trafficValue: (down: string, up: string): string => `${down} in, ${up} out`,
    looked: 'Transactions looked at',
    unknown: 'not said yet',
    said: (count: number): string => `What was said lately (${count})`,
    ours: 'we said',
    theirs: 'it said',
    when: 'When',
    who: 'Who',
    command: 'Message',
    summary: 'What',
    bytes: 'Bytes',
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
        return en.actions.decided[reason.decision];
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

export type Strings = typeof en;
