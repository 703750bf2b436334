// Made from the core's types by `cargo run -p farthing-core --features typescript --example
// typescript`: do not edit. Amounts and byte counts are bigint, heights and times are number.

/** A verified block. */
export type BlockView = {
    /** Its header. */
    header: HeaderView,
    /** Bytes with witness. */
    size: number,
    /** BIP141's weight. */
    weight: number,
    /** How many transactions it holds. */
    transactionCount: number,
    /** The first of them: at most 200. */
    transactions: Array<TransactionView>,
};

/** A branch that is not the best chain. */
export type BranchView = {
    /** The height of the last block that it shares with the best chain. */
    forkHeight: number,
    /** Its tip. */
    tip: string,
    /** Its tip's height. */
    height: number,
};

/** The chain. */
export type ChainView = {
    /** The network's name. */
    network: string,
    /** What an amount of 100,000,000 units is called. */
    unit: string,
    /** The aim, in seconds, between two blocks. */
    spacing: number,
    /** Headers are cheap to make here: this client trusts its peers. */
    trustsPeers: boolean,
    /** The best header. */
    tip: HeaderView,
    /** Hashes that the best chain took, expected: 64 hex digits. */
    work: string,
    /** The same as the logarithm to base 2. */
    workLog2: number,
    /** When the newest header came to this client; none since the start: none. */
    tipSeen: number | null,
    /** The tip is so old for this network that nothing may be called confirmed. */
    stale: boolean,
    /** What is being fetched, if anything. */
    progress: Progress | null,
    /** The newest headers of the best chain and of the branches near it, by height: at most 64. */
    recent: Array<HeaderView>,
    /** Abandoned and competing branches. */
    branches: Array<BranchView>,
    /** Where headers are kept: `opfs`, `indexeddb`, `memory`. */
    storage: string,
};

/** One change of an invoice, with its reason. */
export type Change = {
    /** When. */
    at: number,
    /** What it became. */
    status: InvoiceStatus,
    /** Why. */
    reason: Reason,
    /** Whether it is worse than before: the till raises an alarm until it is acknowledged. */
    alarm: boolean,
};

/** What the page may ask of the client. */
export type Command =
  | { type: "setNodes",
    /** At most 8. */
    nodes: Array<NodeAddress>, }
  | { type: "wake",
    /** What the browser says. */
    online: boolean, }
  | { type: "checkAddress",
    /** As a person typed it. */
    address: string, }
  | { type: "createInvoice",
    /** What is due, and where. */
    request: InvoiceRequest, }
  | { type: "decideInvoice",
    /** The invoice. */
    id: number,
    /** The decision. */
    decision: Decision, }
  | { type: "submitTransaction",
    /** BIP144's serialization. */
    hex: string, }
  | { type: "getBlock",
    /** Its hash, or its height in decimal. */
    block: string, }
  | { type: "getTransaction",
    /** Its id. */
    txid: string, }
  | { type: "listInvoices" };

/** A decision of the merchant. */
export type Decision = "cancel" | "acceptAtRisk" | "acceptLate" | "refund" | "acknowledge";

/** What the page is told without asking. */
export type Event =
  | { type: "chain",
    /** The view. */
    chain: ChainView, }
  | { type: "peers",
    /** In the order of the configured nodes. */
    peers: Array<PeerView>, }
  | { type: "invoice",
    /** The whole of it. */
    invoice: InvoiceView, }
  | { type: "notice",
    /** What about. */
    kind: NoticeKind,
    /** A sentence. */
    text: string,
};

/** A header. */
export type HeaderView = {
    /** Its height. */
    height: number,
    /** Its hash. */
    hash: string,
    /** Its parent's hash. */
    previous: string,
    /** The Merkle root of its transactions. */
    merkleRoot: string,
    /** The time that its miner wrote. */
    time: number,
    /** The compact target. */
    bits: number,
    /** The nonce. */
    nonce: number,
    /** The version. */
    version: number,
    /** Whether it is on the best chain. */
    best: boolean,
};

/** What else is true of an invoice. */
export type InvoiceFlag = "partial" | "over" | "late" | "timeUnknown" | "stuck" | "conflict" | "bumped" | "reorged" | "acceptedAtRisk" | "marked" | "ambiguous";

/** What is due, and where. */
export type InvoiceRequest = {
    /** What the merchant calls it: `Table 7`. May be empty. */
    label: string,
    /** The address that is to be paid. */
    address: string,
    /** Units due; not zero. */
    due: bigint,
    /** Parts per million of `due` that may be missing; under 1,000,000. */
    tolerancePpm: number,
    /** Confirmations until it is settled; 0 to 100. */
    confirmations: number,
    /** Seconds until it expires. */
    expiresIn: number,
    /** The share of all hash power that an attacker is thought to have, in parts per million. */
    attackerSharePpm: number,
    /** The most units due for which the cashier may hand over at risk; none: 1,000,000. */
    riskCap?: bigint,
};

/** Where an invoice stands. */
export type InvoiceStatus =
  | { type: "draft" } | { type: "awaiting" } | { type: "seen" } | { type: "confirming",
    /** The largest k for which enough has k confirmations. */
    depth: number,
    /** How many are wanted. */
    of: number, }
  | { type: "settled",
    /** The largest k for which enough has k confirmations. */
    depth: number, }
  | { type: "expired" } | { type: "cancelled" };

/** An invoice as the page shows it. */
export type InvoiceView = {
    /** Its number, from 1. */
    id: number,
    /** What was asked for. */
    request: InvoiceRequest,
    /** The script that is watched, in hex: derived here from the address. */
    script: string,
    /** When it was made. */
    created: number,
    /** When it expires. */
    expires: number,
    /** The least that pays it: `due` less the tolerance. */
    need: bigint,
    /** Units that count now, with any number of confirmations. */
    credit: bigint,
    /** Units that are missing from `due`. */
    remaining: bigint,
    /** Units over `due`. */
    excess: bigint,
    /** Where it stands. */
    status: InvoiceStatus,
    /** What else is true. */
    flags: Array<InvoiceFlag>,
    /** Every payment ever seen, oldest first. */
    payments: Array<PaymentView>,
    /** Every change, oldest first. */
    changes: Array<Change>,
    /** An alarm that was not acknowledged: the newest change that carries one. */
    alarm: Change | null,
    /** The conclusion and its reasons. */
    verdict: Verdict,
    /** The payment link for what remains: BIP321's `bitcoin:` or `farthing:`. */
    uri: string,
    /** Transactions that were looked at for it. */
    transactionsLookedAt: number,
    /** Blocks are scanned for it from this height; up to which, if any were. */
    scanned: [number, number] | null,
};

/** A node to talk to. */
export type NodeAddress = {
    /** A `ws:` or `wss:` address: a bridge to the node, or a node that speaks WebSocket. */
    url: string,
    /** Who runs it, as far as is known: nodes with the same operator count once. */
    operator: string,
};

/** What a notice is about. */
export type NoticeKind = "clock" | "storage" | "reorganisation" | "misbehaviour" | "staleTip";

/** How one payment stands. */
export type PaymentState =
  | { type: "seen" } | { type: "conflicted",
    /** That transaction. */
    by: string, }
  | { type: "replaced",
    /** That transaction. */
    by: string, }
  | { type: "mined",
    /** Confirmations: 1 for the tip. */
    depth: number,
    /** The block. */
    block: string,
    /** Its height. */
    height: number, }
  | { type: "reorged" } | { type: "dead",
    /** That transaction. */
    by: string,
};

/** A payment to an invoice: one transaction, all its outputs to the invoice's script together. */
export type PaymentView = {
    /** The transaction. */
    txid: string,
    /** Units that it pays to the invoice. */
    value: bigint,
    /** How it stands. */
    state: PaymentState,
    /** When this client first saw it. */
    firstSeen: number,
    /** The operators that announced it. */
    seenBy: Array<string>,
    /** The operators that announced a transaction in conflict with it. */
    conflictSeenBy: Array<string>,
    /** Whether it counts now. */
    counts: boolean,
};

/** How a connection is. */
export type PeerState =
  | { type: "connecting" } | { type: "handshaking" } | { type: "ready" } | { type: "waiting",
    /** Why the last connection ended. */
    reason: string,
    /** When it is tried again. */
    retryAt: number, }
  | { type: "banned",
    /** What it did: expected and found. */
    reason: string,
    /** When it is tried again. */
    until: number,
};

/** A peer. */
export type PeerView = {
    /** Its WebSocket address. */
    url: string,
    /** Who runs it. */
    operator: string,
    /** How the connection is. */
    state: PeerState,
    /** What it calls itself (BIP14); untrusted text. */
    userAgent: string | null,
    /** Its protocol version. */
    protocolVersion: number | null,
    /** What it offers: `NETWORK`, `WITNESS`, ... */
    services: Array<string>,
    /** The best height that it has shown with headers. */
    height: number | null,
    /** The last round trip, in milliseconds. */
    pingMs: number | null,
    /** Its clock minus ours, in seconds, when it connected. */
    clockOffset: number | null,
    /** When it last said anything. */
    lastHeard: number | null,
    /** Bytes that came from it. */
    bytesReceived: bigint,
    /** Bytes that went to it. */
    bytesSent: bigint,
    /** Transactions of it that were looked at here. */
    transactions: number,
    /** The last messages either way, oldest first: at most 24. */
    said: Array<Said>,
};

/** A long fetch. */
export type Progress =
  | { stage: "presync",
    /** Headers looked at. */
    height: number,
    /** What the peer says its height is; unverified. */
    of: number, }
  | { stage: "headers",
    /** Headers verified. */
    height: number,
    /** What the peer says its height is; unverified. */
    of: number, }
  | { stage: "blocks",
    /** Scanned up to here. */
    height: number,
    /** The tip. */
    of: number,
};

/** Why an invoice changed. */
export type Reason =
  | { type: "created" } | { type: "paymentSeen",
    /** The transaction. */
    txid: string, }
  | { type: "paymentMined",
    /** The transaction. */
    txid: string,
    /** The block's height. */
    height: number, }
  | { type: "blockAdded",
    /** The new tip's height. */
    height: number, }
  | { type: "conflictSeen",
    /** The payment. */
    txid: string,
    /** The other transaction. */
    by: string, }
  | { type: "paymentReplaced",
    /** The payment. */
    txid: string,
    /** The other transaction. */
    by: string,
    /** Whether the other pays this invoice at least as much. */
    stillPays: boolean, }
  | { type: "reorganisedOut",
    /** The payment. */
    txid: string,
    /** The abandoned block's height. */
    height: number, }
  | { type: "doubleSpent",
    /** The payment. */
    txid: string,
    /** The other transaction. */
    by: string, }
  | { type: "depthLost",
    /** The new tip's height. */
    height: number, }
  | { type: "paymentForgotten",
    /** The transaction. */
    txid: string, }
  | { type: "timeRanOut" } | { type: "decided",
    /** What. */
    decision: Decision,
};

/** An answer to a command. */
export type Reply =
  | { type: "done" } | { type: "invoice",
    /** The invoice. */
    invoice: InvoiceView, }
  | { type: "invoices",
    /** Newest first. */
    invoices: Array<InvoiceView>, }
  | { type: "block",
    /** The block. */
    block: BlockView, }
  | { type: "transaction",
    /** The transaction. */
    transaction: TransactionView,
};

/** One message of a conversation. */
export type Said = {
    /** When. */
    at: number,
    /** Whether we said it. */
    ours: boolean,
    /** The command: `headers`, `inv`, ... */
    command: string,
    /** In a few words: `2000 headers`, `3 transactions`. */
    summary: string,
    /** Bytes on the wire. */
    bytes: number,
};

/** From one moment to another. */
export type TimeRange = {
    /** The first second. */
    from: number,
    /** The last second; none while it lasts. */
    to: number | null,
};

/** An output of a transaction. */
export type TransactionOutputView = {
    /** Integer units. */
    value: bigint,
    /** The script's address, where it has one. */
    address: string | null,
    /** The script in hex. */
    script: string,
    /** Whether an invoice watches it. */
    watched: boolean,
};

/** A transaction. */
export type TransactionView = {
    /** Its id. */
    txid: string,
    /** Bytes with witness. */
    size: number,
    /** BIP141's weight. */
    weight: number,
    /** The outputs that it spends, `txid:vout`; empty for a coinbase. */
    spends: Array<string>,
    /** What it creates. */
    outputs: Array<TransactionOutputView>,
    /** The hash of the block that holds it, where that is known. */
    block: string | null,
    /** BIP144's serialization, where it is kept. */
    hex: string | null,
};

/** What the till concludes, and all that it concludes it from. */
export type Verdict = {
    /** The conclusion. */
    answer: VerdictAnswer,
    /** Operators that are connected now. */
    operators: Array<string>,
    /** Of these, the ones that announced a payment that counts. */
    seenBy: Array<string>,
    /** The ones that announced a transaction in conflict with a payment. */
    conflictSeenBy: Array<string>,
    /** Seconds since any operator said anything; none: none ever did. */
    silentFor: number | null,
    /** Seconds since the tip's own time; the network's spacing scales what is stale. */
    tipAge: number,
    /** No block for so long that nothing may be called confirmed. */
    tipStale: boolean,
    /** The largest k for which enough has k confirmations. */
    depth: number,
    /**
     * Hashes, expected, behind the shallowest payment needed, as a logarithm to base 2; none
     * without a confirmation.
     */
    workBehindLog2: number | null,
    /** The attacker's share that was assumed; none on a network where no share can be offered. */
    attackerShare: number | null,
    /** The odds that such an attacker catches up (Rosenfeld 2014), 0 to 1. */
    attackerChance: number | null,
    /** These odds times the amount, in units, rounded up. */
    valueAtRisk: bigint | null,
    /** The headers are cheap to make on this network: the peers are trusted. */
    trustsPeers: boolean,
    /** When the till was not watching since the invoice was made. */
    notWatched: Array<TimeRange>,
};

/** The conclusion. */
export type VerdictAnswer = "cannotTell" | "nothingSeen" | "tooLittle" | "seenUnverified" | "confirming" | "confirmed" | "conflict";
