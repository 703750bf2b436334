// What page and worker post to each other. The commands, replies and events inside are the core's
// (messages.ts); this is the envelope around them.

import type { Command, Event, Reply } from './messages.js';

/** To the worker. `start` comes first, once; a command's `id` is repeated in its answer. */
export type ToWorker =
  | { type: 'start'; network: string }
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
  /** Starting again would not help, as for a network that does not exist. */
  | { type: 'failed'; reason: string };
