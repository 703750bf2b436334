// The work worker: searches nonces in slices, hears of other work between them, and rests as its
// quota says. Timers of a hidden page are slowed down, those of its workers are not; between two
// slices without a rest it posts to itself, since a timer would wait for some milliseconds.

import init, { Searcher } from './pkg/work.js';
import { runsSimd } from '../../lib/simd.js';
import type { FromWork, ToWork } from '../../lib/work-envelope.js';
import { Trap } from '../trap.js';
import { NONCES, Pace } from './pace.js';

// The same code, compiled to four nonces a vector and to one; the script around it fits both.
const modules = {
  simd: new URL('./pkg/work_bg.wasm', import.meta.url),
  scalar: new URL('./pkg/scalar/work_bg.wasm', import.meta.url),
};

declare const self: DedicatedWorkerGlobalScope;

interface Job {
  readonly id: number;
  readonly searcher: Searcher;
  /** Every hit is wanted. */
  readonly all: boolean;
  group: number;
  next: number;
}

const pace = new Pace();
const trap = new Trap((reason) => self.postMessage({ type: 'trapped', reason } satisfies FromWork));
const turn = new MessageChannel();
let loaded = false;
let job: Job | undefined;
/** Work that came before the module was loaded: the newest alone counts. */
let early: Extract<ToWork, { type: 'search' }> | undefined;
/** Whether a slice is due, and the rest before it if there is one. */
let due = false;
let rest: ReturnType<typeof setTimeout> | undefined;

// Installed before the wasm is loaded: work that comes early waits.
self.onmessage = ({ data }: MessageEvent<ToWork>) => trap.guarded(() => hear(data));
turn.port1.onmessage = () => trap.guarded(slice);

init({ module_or_path: runsSimd() ? modules.simd : modules.scalar }).then(() => {
  loaded = true;
  post({ type: 'ready' });
  if (early) hear(early);
  early = undefined;
}, trap.spring);

function hear(message: ToWork): void {
  if (message.type === 'quota') pace.share = message.share;
  else if (message.type === 'rest') drop();
  else if (loaded) begin(message);
  else early = message;
}

function begin(search: Extract<ToWork, { type: 'search' }>): void {
  drop();
  const { id, header, target, versionMask, group, from, all } = search;
  job = { id, searcher: new Searcher(header, target, versionMask), all, group, next: from };
  schedule(pace.begin(performance.now()));
}

/** One slice, and then a turn for whatever was posted meanwhile. */
function slice(): void {
  due = false;
  if (!job) return;
  const { id, searcher, all } = job;
  const nonces = Math.max(1, Math.round(pace.slice / searcher.versions));
  const count = Math.min(nonces, NONCES - job.next);
  const began = performance.now();
  const { next, exhausted, hashes, headers, hashed } = searcher.search(job.group, job.next, count);
  const ended = performance.now();
  pace.did(hashes, ended - began, hashes === nonces * searcher.versions);
  job.group += exhausted ? 1 : 0;
  job.next = next;
  const tried = job.group >= searcher.groups;
  const over = tried || (headers.length > 0 && !all);
  // Before its hits: a worker that is started again goes on behind them.
  tell(ended, over || headers.length > 0);
  for (const [at, header] of headers.entries()) {
    post({ type: 'found', id, header, hash: hashed[at]! });
    if (!all) break;
  }
  const wait = pace.rest(ended, ended - began, all ? headers.length : 0);
  if (!over) return schedule(wait);
  drop();
  if (tried && (all || headers.length === 0)) post({ type: 'exhausted', id });
}

function tell(now: number, over: boolean): void {
  const told = pace.tell(now, over);
  if (!job || !told) return;
  post({ type: 'searched', id: job.id, group: job.group, next: job.next, ...told });
}

function schedule(wait: number): void {
  if (due) return;
  due = true;
  if (wait <= 0) turn.port2.postMessage(0);
  else
    rest = setTimeout(() => {
      rest = undefined;
      trap.guarded(slice);
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

function post(message: FromWork): void {
  if (!trap.sprung) self.postMessage(message);
}
