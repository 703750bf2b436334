// What page and pool worker post to each other. The worker holds one pool's connection and speaks its
// protocol; it knows no key, no chain and no wallet.

import type { PoolEvent, PoolOptions, PoolShare, PoolWork } from './messages.ts';

/** To the worker. */
export type ToPool =
  /** First and once: where the pool is, and who works there. */
  | { type: 'start'; url: string; options: PoolOptions }
  /** Work for an extra nonce; `id` is repeated in the answer. */
  | { type: 'prepare'; id: number; extraNonce: number }
  | { type: 'submit'; share: PoolShare };

/** From the worker. */
export type FromPool =
  | { type: 'event'; event: PoolEvent }
  /** None: there is no job now, or the pool leaves no room for such an extra nonce. */
  | { type: 'work'; id: number; work: PoolWork | undefined }
  /** The worker cannot be trusted any more: it is to be ended and started again. */
  | { type: 'trapped'; reason: string };
