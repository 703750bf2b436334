// The lab's worker: runs a lesson in slices of time, so that a click is heard soon. It has no network
// (its script is served with `connect-src 'none'`): what a lesson shows is simulated, all of it. The
// page posts it its module, compiled.

import { initSync, LessonRunner } from './pkg/lab.js';
import type { FromLabWorker, ToLabWorker } from '../../lib/lab-envelope.js';
import type { LessonCommand } from '../../lib/lesson-messages.js';

declare const self: DedicatedWorkerGlobalScope;

/** The page hears at least this often how far a run is. */
const SLICE_MS = 40;
/** Between two looks at the clock. */
const PIECES = 8;

let runner: LessonRunner | undefined;
let broken = false;

self.onmessage = ({ data }: MessageEvent<ToLabWorker>) => {
  if (broken) return;
  try {
    if (data.type === 'start') {
      initSync({ module: data.module });
      runner = new LessonRunner();
    } else perform(data.id, data.command);
  } catch (error) {
    broken = true;
    post({ type: 'trapped', reason: error instanceof Error ? error.message : String(error) });
  }
};

function perform(id: number, command: LessonCommand): void {
  if (runner === undefined) throw new Error('expected the module first, found a command');
  try {
    runner.command(command);
  } catch (error) {
    // What is refused is an Error with a sentence; anything else broke it.
    if (error instanceof WebAssembly.RuntimeError || !(error instanceof Error)) throw error;
    return post({ type: 'refused', id, message: error.message });
  }
  const until = performance.now() + SLICE_MS;
  while (!runner.work(PIECES) && performance.now() < until);
  post({ type: 'view', id, view: runner.view() });
}

function post(message: FromLabWorker): void {
  self.postMessage(message);
}
