// What page and work worker post to each other. A worker holds no state but the search that it is at:
// whatever it loses, it loses a slice.

/** Why the graphics processor is of no use. */
export type Unfit =
  /** This browser gives pages none. */
  | 'absent'
  /** What it gives is a program, on the cores that the other workers have. */
  | 'software'
  /** It, or its driver, does not take the program. */
  | 'broken'
  /** It does not find what there is, or finds what there is not. */
  | 'wrong';

/** To the worker. New work takes the place of the old within a slice. */
export type ToWork =
  /** Search on the graphics processor; `software`: even if it is a program. Said first, if at all. */
  | { type: 'graphics'; software: boolean }
  | {
      type: 'search';
      /** Repeated in what the worker says of it. */
      id: number;
      /** The header in hex, 80 bytes; the nonce is its last four. */
      header: string;
      /** The target in hex, big-endian. */
      target: string;
      /** Bits of the header's version that may roll (BIP320); 0: none. */
      versionMask: number;
      /** The group of versions, and the first nonce of it, that were not tried. */
      group: number;
      from: number;
      /** Every hit is wanted, and not the first alone. */
      all: boolean;
    }
  /** The share of one core's time, over 0 and at most 1. */
  | { type: 'quota'; share: number }
  /** Drop the work. */
  | { type: 'rest' };

/** From the worker. */
export type FromWork =
  /** The search can begin. */
  | { type: 'ready' }
  /** It searches on the graphics processor of this name, which a browser may not tell. */
  | { type: 'graphics'; name: string }
  /** It cannot, and searches nothing. */
  | { type: 'unfit'; why: Unfit }
  /** Since it last said so: hashes, and milliseconds of the clock, of which it was busy for some. */
  | {
      type: 'searched';
      id: number;
      hashes: number;
      busy: number;
      time: number;
      group: number;
      next: number;
    }
  /** The header with its nonce and its hash, in hex. Unless all hits are wanted, the worker rests. */
  | { type: 'found'; id: number; header: string; hash: string }
  /** Every version and nonce was tried. The worker rests. */
  | { type: 'exhausted'; id: number }
  /** The worker cannot be trusted any more: it is to be ended and started again. */
  | { type: 'trapped'; reason: string };
