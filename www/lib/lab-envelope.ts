// What page and lab worker post to each other, around the lesson's commands and views
// (lesson-messages.ts).

import type { LessonCommand, LessonView } from './lesson-messages.js';

/** To the worker. `start` comes first, once; a command's `id` is repeated in its answer. */
export type ToLabWorker =
  /** The module comes compiled: the worker has no network to fetch it from. */
  | { type: 'start'; module: WebAssembly.Module }
  | { type: 'command'; id: number; command: LessonCommand };

/** From the worker. */
export type FromLabWorker =
  | { type: 'view'; id: number; view: LessonView }
  /** A command was not done; the message is a sentence. */
  | { type: 'refused'; id: number; message: string }
  /** The worker cannot be trusted any more: it is to be ended. */
  | { type: 'trapped'; reason: string };
