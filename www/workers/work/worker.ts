// The work worker: searches nonces in slices, hears of other work between them, and rests as its
// quota says. Timers of a hidden page are slowed down, those of its workers are not; between two
// slices without a rest it posts to itself, since a timer would wait for some milliseconds.

import init, { Searcher } from './pkg/work.js';
import type { FromWork, ToWork } from '../../lib/work-envelope.js';
import { NONCES, Pace } from './pace.js';

declare const self: DedicatedWorkerGlobalScope;

interface Job {
  readonly id: number;
  readonly searcher: Searcher;
  next: number;
  /** Every hit is wanted. */
  readonly all: boolean;
}

const pace = new Pace();
const turn = new MessageChannel();
let loaded = false;
let broken = false;
let job: Job | undefined;
/** Work that came before the module was loaded: the newest alone counts. */
let early: Extract<ToWork, { type: 'search' }> | undefined;
/** Whether a slice is due, and the rest before it if there is one. */
let due = false;
let rest: ReturnType<typeof setTimeout> | undefined;

// Installed before the wasm is loaded: work that comes early waits.
self.onmessage = ({ data }: MessageEvent<ToWork>) => guarded(() => hear(data));
turn.port1.onmessage = () => guarded(slice);

self.addEventListener('error', (event) => {
  event.preventDefault();
  trapped(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  trapped(event.reason);
});

init().then(() => {
  loaded = true;
  post({ type: 'ready' });
  if (early) hear(early);
  early = undefined;
}, trapped);

function hear(message: ToWork): void {
  if (message.type === 'quota') pace.share = message.share;
  else if (message.type === 'rest') drop();
  else if (loaded) begin(message);
  else early = message;
}

function begin({ id, header, target, from, all }: Extract<ToWork, { type: 'search' }>): void {
  drop();
  job = { id, searcher: new Searcher(header, target), next: from, all };
  pace.begin(performance.now());
  schedule(0);
}

/** One slice, and then a turn for whatever was posted meanwhile. */
function slice(): void {
  due = false;
  if (!job) return;
  const { id, searcher, next, all } = job;
  const count = Math.min(pace.slice, NONCES - next);
  const began = performance.now();
  const nonce = searcher.search(next, count);
  const ended = performance.now();
  const hashes = nonce === undefined ? count : nonce - next + 1;
  job.next = next + hashes;
  pace.did(hashes, ended - began, hashes === pace.slice);
  if (nonce !== undefined)
    post({ type: 'found', id, header: searcher.header(nonce), hash: searcher.hash(nonce) });
  const exhausted = job.next >= NONCES;
  const over = exhausted || (nonce !== undefined && !all);
  tell(ended, over);
  if (!over) return schedule(pace.rest(ended - began));
  drop();
  if (exhausted && (nonce === undefined || all)) post({ type: 'exhausted', id });
}

function tell(now: number, over: boolean): void {
  const told = pace.tell(now, over);
  if (job && told) post({ type: 'searched', id: job.id, group: 0, next: job.next, ...told });
}

function schedule(wait: number): void {
  if (due) return;
  due = true;
  if (wait <= 0) turn.port2.postMessage(0);
  else
    rest = setTimeout(() => {
      rest = undefined;
      guarded(slice);
    }, wait);
}

function drop(): void {
  // What was done for it was done.
  tell(performance.now(), true);
  job?.searcher.free();
  job = undefined;
  // A slice that was posted already finds nothing, or the next work.
  if (rest === undefined) return;
  clearTimeout(rest);
  rest = undefined;
  due = false;
}

function guarded(work: () => void): void {
  if (broken) return;
  try {
    work();
  } catch (error) {
    trapped(error);
  }
}

/** After a trap the wasm's memory may hold anything: nothing of it is called any more. */
function trapped(error: unknown): void {
  if (broken) return;
  post({ type: 'trapped', reason: error instanceof Error ? error.message : String(error) });
  broken = true;
}

function post(message: FromWork): void {
  if (!broken) self.postMessage(message);
}
