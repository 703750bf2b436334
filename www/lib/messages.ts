// Made from the core's types by `cargo run -p farthing-core --features typescript --example
// typescript`: do not edit. Amounts and byte counts are bigint, heights and times are number.

/** The money of one account. */
export type AccountView = {
    /** Its number. */
    account: number,
    /** In blocks, mature, and not being spent. */
    spendable: bigint,
    /** In blocks, from coinbases that are not mature yet. */
    immature: bigint,
    /** Seen in no block yet, from others: unverified. */
    incoming: bigint,
    /** One's own change in no block yet: it may be sent too, with `spendable`. */
    change: bigint,
    /** The lowest index above every index that was ever paid. */
    nextIndex: number,
    /** How many keys are watched. */
    keys: number,
};

/** What a node proposes to be mined next. */
export type BlockTemplate = {
    /** The header's version. */
    version: number,
    /** The parent's hash. */
    previousblockhash: string,
    /** What goes in beside the coinbase, in order. */
    transactions: Array<TemplateTransaction>,
    /** Units that the coinbase may create: subsidy and fees. */
    coinbasevalue: bigint,
    /** The target in hex, big-endian. */
    target: string,
    /** The earliest time that the header may have: the median of eleven, plus one. */
    mintime: number,
    /** The node's clock. */
    curtime: number,
    /**
     * What a miner may change: `transactions`, `prevblock`, and `time` where the target does not
     * depend on it.
     */
    mutable: Array<string>,
    /** `00000000ffffffff`. */
    noncerange: string,
    /** The most bytes of a block. */
    sizelimit: bigint,
    /** The most weight of a block (BIP145). */
    weightlimit: bigint,
    /** The compact target, in hex. */
    bits: string,
    /** The height of the block. */
    height: number,
    /**
     * The script of the output that commits to the witnesses of exactly these transactions
     * (BIP145), in hex.
     */
    default_witness_commitment: string,
    /** Ask again with this: the answer comes when there is something better to mine (BIP22). */
    longpollid: string,
};

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
  | { type: "listInvoices" } | { type: "watchWallet",
    /** By account and index. The first of them names the wallet. */
    keys: Array<WalletKey>,
    /** The height from which blocks are looked at; none: from the tip on. */
    birth: number | null, }
  | { type: "forgetWallet" } | { type: "preparePayment",
    /** Whose coins. */
    account: number,
    /** The address to pay. */
    to: string,
    /** Units; none: everything. */
    amount: bigint | null,
    /** Units for 1,000 virtual bytes; none: what the peers ask for. */
    feeRate: bigint | null,
    /** Where the change goes: an index that was taken for it. */
    changeIndex: number, }
  | { type: "prepareReplacement",
    /** The unconfirmed transaction. */
    txid: string,
    /** Units for 1,000 virtual bytes; none: the least that replaces it. */
    feeRate: bigint | null,
    /** Where change goes if there was none: an index that was taken for it. */
    changeIndex: number, }
  | { type: "prepareWork",
    /**
     * What a node proposes; none: a block of our own, with the coinbase and those of the
     * transactions seen that this client can verify whole, claiming the subsidy only.
     */
    template: BlockTemplate | null,
    /** Who is paid. */
    address: string,
    /** Makes this worker's coinbase differ from every other's. */
    extraNonce: number, }
  | { type: "submitWork",
    /** Which work. */
    id: number,
    /** The 80 bytes of the header with its nonce, in hex. */
    header: string,
};

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
  | { type: "wallet",
    /** The whole of it. */
    wallet: WalletView, }
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

/**
 * Where a key comes from: `m/44'/1'/account'/index'` (SLIP-0010 knows hardened steps alone for
 * Ed25519). Account 0 is the wallet's, account 1 the till's.
 */
export type KeyPath = {
    /** The account. */
    account: number,
    /** The number of the address in it, from 0. */
    index: number,
};

/**
 * What the page may ask of the keys worker. A refusal is a sentence. It is wiped when it is dropped,
 * and cannot be printed.
 */
export type KeysCommand =
  | { type: "create",
    /** Encrypts the vault. */
    passphrase: string,
    /** Words of the phrase: 12 or 24. */
    words: number, }
  | { type: "restore",
    /** The words, with spaces between them. */
    phrase: string,
    /** Encrypts the vault. */
    passphrase: string, }
  | { type: "unlock",
    /** The vault's record. */
    record: Uint8Array,
    /** What it was encrypted with. */
    passphrase: string, }
  | { type: "showPhrase",
    /** The vault's record. */
    record: Uint8Array,
    /** What it was encrypted with. */
    passphrase: string, }
  | { type: "changePassphrase",
    /** The vault's record. */
    record: Uint8Array,
    /** What it was encrypted with. */
    old: string,
    /** What it shall be encrypted with. */
    new: string, }
  | { type: "deriveKeys",
    /** The account. */
    account: number,
    /** The first index. */
    from: number,
    /** How many; at most 2,000. */
    count: number, }
  | { type: "sign",
    /** All that is signed, as it was shown. */
    request: SpendRequest,
};

/** What the keys worker answers. It is wiped when it is dropped, and cannot be printed. */
export type KeysReply =
  | { type: "opened",
    /** The vault's record, to be stored; opaque. */
    record: Uint8Array,
    /** The first keys of the accounts, by account and index: 500 of each. */
    keys: Array<WalletKey>,
    /** The phrase, once, where it was made now. */
    phrase: Array<string> | null, }
  | { type: "keys",
    /** By index. */
    keys: Array<WalletKey>, }
  | { type: "phrase",
    /** Its words. */
    words: Array<string>, }
  | { type: "signed",
    /** BIP144's serialization in hex. */
    transaction: string,
    /** Its id. */
    txid: string,
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

/**
 * What the page is told. Texts are English sentences; what a pool said is cut, printable ASCII, and
 * must be shown as text.
 */
export type PoolEvent =
  | { type: "link",
    /** How it is. */
    link: PoolLink, }
  | { type: "job",
    /** The pool's name for it. */
    job: string,
    /**
     * Whether what was prepared before is worth nothing any more. Otherwise it may be searched
     * to its end.
     */
    clean: boolean,
    /** The work's target as a difficulty. */
    difficulty: number,
    /** What a block's would be. */
    blockDifficulty: number, }
  | { type: "difficulty",
    /** 1 is 2^32 hashes a share. */
    difficulty: number, }
  | { type: "accepted",
    /** The caller's number. */
    share: number,
    /** The least that the pool counts it for. */
    difficulty: number, }
  | { type: "rejected",
    /** The caller's number. */
    share: number,
    /** Why. */
    reason: string, }
  | { type: "stale",
    /** The caller's number. */
    share: number,
    /** Why. */
    reason: string, }
  | { type: "problem",
    /** A sentence. */
    text: string, }
  | { type: "message",
    /** What it says. */
    text: string,
};

/** What happened. */
export type PoolInput =
  | { type: "connected" } | { type: "received",
    /** The bytes. */
    bytes: Uint8Array, }
  | { type: "disconnected" } | { type: "submit" } & PoolShare | { type: "tick" };

/** How the connection is. */
export type PoolLink =
  | { type: "connecting" } | { type: "ready",
    /** Bytes of `extranonce2`: work can be prepared for each of its values. */
    extranonce2Size: number, }
  | { type: "waiting",
    /** Milliseconds. */
    retryMs: number,
};

/** The pool, and who mines there. */
export type PoolOptions = {
    /** The pool's `host:port`: what a `client.reconnect` may name. It is never dialled elsewhere. */
    address: string,
    /** Who is paid, in the pool's own form: mostly `ADDRESS` or `ADDRESS.worker`. */
    user: string,
    /** The pool's password for that; mostly `x`. */
    password: string,
    /** What the program calls itself: `farthing/0.1.0`. */
    agent: string,
    /** The version's bits that the search can roll (BIP320: `0x1fffe000`); 0: none are asked for. */
    versionMask: number,
};

/** What to do. */
export type PoolOutput =
  | { type: "connect" } | { type: "send",
    /** The bytes. */
    bytes: Uint8Array, }
  | { type: "disconnect",
    /** A sentence. */
    reason: string, }
  | { type: "wakeAt",
    /** Milliseconds of [`Now::monotonic_ms`](crate::primitives::Now::monotonic_ms). */
    monotonicMs: number, }
  | { type: "event",
    /** What. */
    event: PoolEvent,
};

/** A share: a header whose hash meets the target of the work that it was found for. */
export type PoolShare = {
    /** The caller's number for it: the event that answers it repeats this. */
    share: number,
    /** The [`Work::id`] that it was found for. */
    work: number,
    /**
     * The header in hex, 80 bytes: that of the work with another nonce, and other version bits
     * within the work's mask.
     */
    header: string,
};

/** What a worker searches. */
export type PoolWork = {
    /** The machine's number for it, to submit with. */
    id: number,
    /** The pool's name for the job. */
    job: string,
    /**
     * The header in hex, 80 bytes; a worker may change the nonce, its last four, and the bits of the
     * mask in the version, its first four, little-endian.
     */
    header: string,
    /** The target in hex, big-endian: a hash, as people write it, may be at most this. */
    target: string,
    /** The version's bits that may roll; 0: none. */
    versionMask: number,
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
    transaction: TransactionView, }
  | { type: "spend",
    /** The request. */
    request: SpendRequest, }
  | { type: "work",
    /** The work. */
    work: WorkView,
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

/** A coin to spend. */
export type SpendInput = {
    /** The transaction that made it. */
    txid: string,
    /** Its place there. */
    vout: number,
    /** Its amount in units. The signature covers it: a wrong one makes the signature worthless. */
    amount: bigint,
    /** Whose it is. */
    path: KeyPath,
    /** The input's sequence number; under 0xfffffffe: may be replaced (BIP125). */
    sequence: number,
};

/** Where the money goes. */
export type SpendOutput =
  | { type: "payment",
    /** The address as it was asked for. */
    address: string,
    /** Units. */
    amount: bigint, }
  | { type: "change",
    /** Whose it is. */
    path: KeyPath,
    /** Units. */
    amount: bigint,
};

/** A transaction that is to be signed. */
export type SpendRequest = {
    /** The coins. */
    inputs: Array<SpendInput>,
    /** Where they go, in the order of the transaction. */
    outputs: Array<SpendOutput>,
    /** What is left to the miner, in units: the signer computes it again. */
    fee: bigint,
    /** The transaction's lock time: the height of the tip, so that nobody gains by going back. */
    lockTime: number,
    /** The transaction that this one replaces, if it does. */
    replaces: string | null,
};

/** A transaction of a template. */
export type TemplateTransaction = {
    /** BIP144's serialization in hex. */
    data: string,
    /** Its id, without witnesses. */
    txid: string,
    /** Its hash with witnesses. */
    hash: string,
    /** Units that it leaves to the miner. */
    fee: bigint,
    /** Its weight. */
    weight: bigint,
    /** Positions, from 1, of transactions of this list that must come before it. */
    depends: Array<number>,
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
    /**
     * Anybody can rent the hash power to rewrite this chain: proof of work alone makes no payment
     * safe, however deep it is.
     */
    rentable: boolean,
    /**
     * Seconds that one graphics card takes for the work behind the payment; none without a
     * confirmation, or where hash power of that order cannot be rented.
     */
    rewriteSeconds: number | null,
    /** The headers are cheap to make on this network: the peers are trusted. */
    trustsPeers: boolean,
    /** When the till was not watching since the invoice was made. */
    notWatched: Array<TimeRange>,
};

/** The conclusion. */
export type VerdictAnswer = "cannotTell" | "nothingSeen" | "tooLittle" | "seenUnverified" | "confirming" | "confirmed" | "conflict";

/** One transaction of the wallet. */
export type WalletEntry = {
    /** Its id. */
    txid: string,
    /** When it was first seen; a block's time where it was first seen in one. */
    time: number,
    /** Units that came. */
    received: bigint,
    /** Units of one's own that went in. */
    sent: bigint,
    /** What was left to the miner; known where all inputs are one's own. */
    fee: bigint | null,
    /** Whether it is a coinbase: mined. */
    mined: boolean,
    /** The addresses of others that it pays, or one's own that it paid. */
    addresses: Array<string>,
    /** One's own keys that it pays. */
    paths: Array<KeyPath>,
    /** How it stands. */
    state: WalletEntryState,
};

/** How a transaction of the wallet stands. */
export type WalletEntryState =
  | { type: "unconfirmed",
    /** Whether one may raise its fee: it is one's own and says so (BIP125). */
    replaceable: boolean, }
  | { type: "mined",
    /** Confirmations: 1 for the tip. */
    depth: number,
    /** The block's height. */
    height: number,
    /** Blocks until it may be spent; 0: it may. */
    maturesIn: number, }
  | { type: "replaced",
    /** That transaction. */
    by: string, }
  | { type: "abandoned" };

/** A key of the wallet that is watched. */
export type WalletKey = {
    /** Where it comes from. */
    path: KeyPath,
    /** The Ed25519 public key: 64 hex digits. */
    publicKey: string,
    /** Its address on the network. */
    address: string,
};

/** One's own money. */
export type WalletView = {
    /** The wallet: its first public key, in hex. */
    wallet: string,
    /** The accounts that have keys, by number. */
    accounts: Array<AccountView>,
    /** Newest first; at most 500. */
    history: Array<WalletEntry>,
    /** Blocks were looked at from this height... */
    scannedFrom: number,
    /** ...to this one. */
    scannedTo: number,
    /** The tip's height: the scan is done when it is reached. */
    tip: number,
};

/** A header to search. */
export type WorkView = {
    /** Its number; the work before is worth nothing once the tip has changed. */
    id: number,
    /**
     * The header in hex, 80 bytes; a worker may change the nonce, its last four, and the version's
     * bits of `version_mask`.
     */
    header: string,
    /** Bits of the version that may roll (BIP320). */
    versionMask: number,
    /** The target in hex, big-endian: a hash, as people write it, may be at most this. */
    target: string,
    /** The height of the block. */
    height: number,
    /** The parent's hash. */
    previous: string,
    /** Transactions in the block, with the coinbase. */
    transactions: number,
    /** Units that the coinbase creates. */
    value: bigint,
};
