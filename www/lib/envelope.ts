// What page and worker post to each other. The commands, replies and events inside are the core's
// (messages.ts); this is the envelope around them.

import type { Command, Event, Reply } from './messages.js';

/**
 * As which of the site's tabs a worker starts. Every tab runs its own client, one of them writes
 * what is stored: `any` does if no other does, `lead` takes the turn, `follow` only reads where the
 * browser has no locks to tell.
 */
export type Role = 'any' | 'lead' | 'follow';

/** To the worker. `start` comes first, once; a command's `id` is repeated in its answer. */
export type ToWorker =
  | { type: 'start'; network: string; role: Role }
  | { type: 'command'; id: number; command: Command };

/** From the worker. */
export type FromWorker =
  /** Storage was read; commands are being done. */
  | { type: 'running' }
  | { type: 'event'; event: Event }
  | { type: 'reply'; id: number; reply: Reply }
  /** A command was not done; the message is a sentence. */
  | { type: 'refused'; id: number; message: string }
  /** The worker cannot be trusted any more: it is to be ended and started again. */
  | { type: 'trapped'; reason: string }
  /**
   * Nothing is wrong, and a new worker is to be started from what is stored: with `lead` the
   * commands in flight were not begun and are for the new one.
   */
  | { type: 'again'; lead: boolean; reason: string }
  /** Starting again would not help, as for a network that does not exist. */
  | { type: 'failed'; reason: string };
