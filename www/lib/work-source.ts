// Where work comes from. Whoever schedules the workers asks a source for headers to search and hands
// back what was found; whether that is a block of this page's own or a share of a pool, and who
// judges it, is the source's.

/** Why nothing is searched although it was started. */
export type Waiting = 'nodes' | 'headers' | 'pool' | 'work' | 'paused';

/** A header to search, and what is known of its block. */
export interface Assignment {
  /** The source's number for it. */
  readonly id: number;
  /** 80 bytes in hex; the nonce, its last four, may be any. */
  readonly header: string;
  /** In hex, big-endian: what a hit meets. A share's is easier than its block's. */
  readonly target: string;
  /** Bits of the header's version that may roll (BIP320); 0: none. */
  readonly versionMask: number;
  /** A pool does not say. */
  readonly height: number | undefined;
  /** The parent's hash. */
  readonly previous: string;
  /** Transactions in the block, with the coinbase; a pool does not say. */
  readonly transactions: number | undefined;
  /** Units that the coinbase creates; a pool shares them out by its own rules. */
  readonly value: bigint | undefined;
}

/** What became of a hit. */
export type Outcome =
  | { readonly type: 'accepted' }
  | { readonly type: 'rejected'; readonly reason: string }
  /** It would have counted, had it come before other work. */
  | { readonly type: 'stale'; readonly reason: string };

/** `work`: what was given before is to be replaced. `state`: whether work is to be had, or a problem. */
export type SourceChange = 'work' | 'state';

export interface WorkSource {
  /** Whose proposal it is: a node's template, this page's own, a pool's. */
  readonly kind: 'template' | 'own' | 'pool';
  /** Whether every hit counts, and the search goes on after it. Otherwise a hit ends the round. */
  readonly shares: boolean;
  /** What has to come first before there can be work. */
  readonly waiting: Waiting | undefined;
  /** A sentence on what is not as it should be. */
  readonly problem: string | undefined;
  /** What it has to say to people, in its own words. */
  readonly message: string | undefined;
  /** Begins to follow; `changed` is called until it is closed. It can be opened again. */
  open(changed: (change: SourceChange) => void): void;
  close(): void;
  /** Work that no other extra nonce gives: its coinbase is another one. */
  prepare(extraNonce: number): Promise<Assignment>;
  /** Hands over a hit: the header with its nonce and version. */
  submit(work: Assignment, header: string): Promise<Outcome>;
}
