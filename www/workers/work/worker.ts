// The work worker: searches nonces in slices, hears of other work between them, and rests as its
// quota says. Timers of a hidden page are slowed down, those of its workers are not; between two
// slices without a rest it posts to itself, since a timer would wait for some milliseconds.

import init, { Searcher } from './pkg/work.js';
import { runsSimd } from '../../lib/simd.js';
import type { FromWork, ToWork } from '../../lib/work-envelope.js';
import { Trap } from '../trap.js';
import { Graphics, UnfitError } from './graphics.js';
import { GRAPHICS_SLICE_MS, NONCES, Pace } from './pace.js';

// The same code, compiled to four nonces a vector and to one; the script around it fits both.
const modules = {
  simd: new URL('./pkg/work_bg.wasm', import.meta.url),
  scalar: new URL('./pkg/scalar/work_bg.wasm', import.meta.url),
};

declare const self: DedicatedWorkerGlobalScope;

type Search = Extract<ToWork, { type: 'search' }>;

interface Job extends Search {
  readonly searcher: Searcher;
}

const trap = new Trap((reason) => self.postMessage({ type: 'trapped', reason } satisfies FromWork));
const turn = new MessageChannel();
let pace = new Pace();
let graphics: Graphics | undefined;
let job: Job | undefined;
/** Whether a slice is due, and the rest before it if there is one. */
let due = false;
let rest: ReturnType<typeof setTimeout> | undefined;

/** One thing after the other: whatever comes in the middle of a slice waits for the end of it. */
let turns = init({ module_or_path: runsSimd() ? modules.simd : modules.scalar }).then(
  () => post({ type: 'ready' }),
  trap.spring,
);
function take(work: () => void | Promise<void>): void {
  turns = turns.then(() => (trap.sprung ? undefined : work())).catch(fail);
}

self.onmessage = ({ data }: MessageEvent<ToWork>) => take(() => hear(data));
turn.port1.onmessage = () => take(slice);

function fail(error: unknown): void {
  if (!(error instanceof UnfitError)) return trap.spring(error);
  drop();
  post({ type: 'unfit', why: error.unfit });
}

async function hear(message: ToWork): Promise<void> {
  if (message.type === 'quota') pace.share = message.share;
  else if (message.type === 'rest') drop();
  else if (message.type === 'search') begin(message);
  else {
    graphics = await Graphics.open(message.software, trap.spring).catch((error: unknown) => {
      throw error instanceof UnfitError ? error : new UnfitError('broken', String(error));
    });
    pace = new Pace(GRAPHICS_SLICE_MS);
    post({ type: 'graphics', name: graphics.name });
  }
}

function begin(search: Search): void {
  drop();
  const { header, target, versionMask } = search;
  job = { ...search, searcher: new Searcher(header, target, versionMask) };
  schedule(pace.begin(performance.now()));
}

/** One slice, and then a turn for whatever was posted meanwhile. */
async function slice(): Promise<void> {
  due = false;
  if (!job) return;
  const { id, searcher, all, group, from } = job;
  const nonces = Math.max(1, Math.round(pace.slice / searcher.versions));
  const count = Math.min(nonces, NONCES - from);
  await graphics?.doubt(job.header, job.versionMask);
  const began = performance.now();
  const { next, exhausted, hashes, headers, hashed } = graphics
    ? await graphics.search(searcher, group, from, count)
    : searcher.search(group, from, count);
  const ended = performance.now();
  pace.did(hashes, ended - began, hashes === nonces * searcher.versions);
  // More was found than fits, or the processor takes no more at a time.
  if (graphics && hashes < count * searcher.versions) pace.atMost(hashes);
  job.group += exhausted ? 1 : 0;
  job.from = next;
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
  post({ type: 'searched', id: job.id, group: job.group, next: job.from, ...told });
}

function schedule(wait: number): void {
  if (due) return;
  due = true;
  if (wait <= 0) turn.port2.postMessage(0);
  else
    rest = setTimeout(() => {
      rest = undefined;
      take(slice);
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
