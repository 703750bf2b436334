// What page and keys worker post to each other, around the core's commands and replies (messages.ts).

import type { KeysCommand, KeysReply } from './messages.js';

/** To the worker. `start` comes first, once; a command's `id` is repeated in its answer. */
export type ToKeysWorker =
  /** The module comes compiled: the worker has no network to fetch it from. */
  | { type: 'start'; network: string; module: WebAssembly.Module }
  | { type: 'command'; id: number; command: KeysCommand };

/** From the worker. */
export type FromKeysWorker =
  | { type: 'reply'; id: number; reply: KeysReply }
  /** A command was not done; the message is a sentence. */
  | { type: 'refused'; id: number; message: string; wrongPassphrase: boolean }
  /** The worker cannot be trusted any more: it is to be ended. */
  | { type: 'trapped'; reason: string };
