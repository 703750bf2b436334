// Proof of work in this tab: several workers search what a source gives, each with an extra nonce of
// its own and then with every version and nonce. It begins when it is told to and not before, and
// knows neither a page nor where the work comes from.

import { en } from '../strings/en.ts';
import { blockTarget, expectedHashes, meets } from './difficulty.ts';
import { FoundBlocks, type FoundBlock } from './found-blocks.ts';
import type { Pause } from './manners.ts';
import type { ChainView } from './messages.ts';
import { Course, type Sample } from './rate.ts';
import { Shares, type ShareCounts } from './shares.ts';
import type { Unfit } from './work-envelope.js';
import type { Assignment, Outcome, SourceChange, Waiting, WorkSource } from './work-source.ts';
import { WorkWorker, type Duty, type Processor, type WorkerState } from './work-worker.ts';

const says = en.work;

/** What is needed of the page's session: what became of the blocks that were found. */
export interface WorkSession {
  readonly chain: ChainView | undefined;
  watch(watcher: () => void): () => void;
}

/** `auto`: where there is one, but no program that imitates one. */
export type GraphicsUse = 'auto' | 'on' | 'off';

export interface WorkOptions {
  source: WorkSource;
  /** How many, each in a worker of its own. */
  workers: number;
  /** The share of one core's time that each takes, over 0 and at most 1. */
  quota: number;
  /** Whether the graphics processor searches beside them, with that share of its time. */
  graphics: GraphicsUse;
}

export interface WorkerView {
  state: WorkerState;
  /** The graphics processor's name, which may be empty; none: it searches on a core. */
  graphics: string | undefined;
  /** Hashes a second: a moving average. */
  rate: number;
  hashes: number;
  /** The time that it worked, of the time that it had work. */
  duty: Duty;
  /** Hits of its own that were accepted. */
  accepted: number;
}

export interface WorkState {
  running: boolean;
  waiting: Waiting | undefined;
  /** Why it is paused, where it is. */
  paused: Pause | undefined;
  /** What is searched now. */
  work: Assignment | undefined;
  source: WorkSource['kind'];
  workers: readonly WorkerView[];
  /** Why the graphics processor does not search although it may. */
  unfit: Unfit | undefined;
  /** Hashes a second, all together. */
  rate: number;
  /** The rate over time, all together and each worker's. */
  course: readonly Sample[];
  /** All hashes since the start. */
  hashes: number;
  /** What was found for this source. */
  shares: ShareCounts;
  /** Newest first. */
  blocks: readonly FoundBlock[];
  /** Seconds until the next block and the next share of this page, expected; none without a rate. */
  expected: number | undefined;
  expectedShare: number | undefined;
  /** A sentence on what is not as it should be. */
  problem: string | undefined;
  /** What the source has to say to people. */
  message: string | undefined;
}

/** Asked again so soon after a refusal: the headers may be on their way. */
const RETRY_MS = 500;
const REFUSALS_UNSAID = 6;
/** Shares that come sooner than this are of no use to anybody: the workers rest between them. */
const SOONEST_SHARE_S = 0.1;
/** Searches whose hits are still known, in every worker together: a slice is short. */
const MOST_SEARCHES = 512;

export class Work {
  readonly #session: WorkSession;
  readonly #listeners = new Set<() => void>();
  readonly #blocks = new FoundBlocks();
  readonly #course = new Course();
  /** What each search is for, by its number. */
  readonly #searches = new Map<number, Assignment>();
  #options: WorkOptions | undefined;
  #cores: WorkWorker[] = [];
  #graphics: WorkWorker | undefined;
  /** Why it is not, until it is to be used in another way. */
  #unfit: Unfit | undefined;
  #use: GraphicsUse | undefined;
  #shares = new Shares();
  #hashesBefore = 0;
  #problem: string | undefined;
  #work: Assignment | undefined;
  /** Two tabs that pay one address must not search the same: they begin at different numbers. */
  #extraNonce = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  #search = 0;
  /** Requests for work that are under way in this turn. */
  #pending = 0;
  /** Refusals in a row: one alone is a header or a proposal that is on its way. */
  #refusals = 0;
  /** Counts what takes the place of all work before: news of the source, a block, a stop. */
  #turn = 0;
  #paused: Pause | undefined;
  /** A block is on its way to the source, and the workers rest. */
  #sending = false;
  #leave: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: WorkSession) {
    this.#session = session;
  }

  /** Begins, or goes on in another way. Another source brings other work, and is counted anew. */
  start(options: WorkOptions): void {
    const before = this.#options;
    const moves = before?.source !== options.source;
    if (!before) this.#leave = this.#session.watch(() => this.#follow());
    if (moves) before?.source.close();
    this.#options = options;
    const added = this.#count(options);
    this.#lookForGraphics(options);
    if (!moves) {
      if (this.#work) for (const worker of added) void this.#prepare(worker, this.#turn);
      return this.#changed();
    }
    this.#shares = new Shares();
    this.#searches.clear();
    options.source.open((change) => this.#heard(change));
    this.#renew();
  }

  /** Ends the workers. What was found stays. */
  stop(): void {
    const options = this.#options;
    if (!options) return;
    this.#options = undefined;
    this.#turn++;
    this.#leave();
    options.source.close();
    clearTimeout(this.#timer);
    for (const worker of this.#cores.splice(0)) this.#end(worker);
    this.#endGraphics();
    this.#searches.clear();
    this.#work = undefined;
    this.#problem = undefined;
    this.#course.add(Date.now() / 1000, []);
    this.#changed();
  }

  /** Nothing is searched until it is told otherwise: the workers stay. */
  pause(why: Pause | undefined): void {
    if (this.#paused === why) return;
    this.#paused = why;
    if (this.#options) this.#renew();
  }

  /** Hears of every change, until the returned function is called. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** As what it was started; none: it is stopped. */
  get options(): WorkOptions | undefined {
    return this.#options;
  }

  get state(): WorkState {
    const at = performance.now();
    const workers = this.#workers.map((worker) => worker.view(at));
    const rate = workers.reduce((sum, worker) => sum + worker.rate, 0);
    const work = this.#work;
    const after = (target: string): number | undefined =>
      rate > 0 ? expectedHashes(target) / rate : undefined;
    const expectedShare = work && after(work.target);
    return {
      running: this.#options !== undefined,
      waiting: this.#waiting,
      paused: this.#paused,
      work,
      source: this.#options?.source.kind ?? 'own',
      workers,
      unfit: this.#unfit,
      rate,
      course: this.#course.samples,
      hashes: this.#hashesBefore + workers.reduce((sum, worker) => sum + worker.hashes, 0),
      shares: this.#shares.counts,
      blocks: this.#blocks.all,
      expected: work && after(blockTarget(work.header)),
      expectedShare,
      problem:
        this.#problem ??
        this.#workers.find((worker) => worker.problem)?.problem ??
        (this.#unfit === 'wrong' ? says.miscounts : undefined) ??
        this.#options?.source.problem ??
        (this.#options?.source.shares && (expectedShare ?? Infinity) < SOONEST_SHARE_S
          ? says.tooEasy
          : undefined),
      message: this.#options?.source.message,
    };
  }

  get #waiting(): Waiting | undefined {
    if (!this.#options) return undefined;
    if (this.#paused) return 'paused';
    return this.#options.source.waiting ?? (this.#work ? undefined : 'work');
  }

  /** All that search: the graphics processor's is the last, once it is known to have one. */
  get #workers(): WorkWorker[] {
    return this.#graphics?.graphics === undefined ? this.#cores : [...this.#cores, this.#graphics];
  }

  /** As many workers as are wanted, each with its share; gives those that are new. */
  #count({ workers, quota }: WorkOptions): WorkWorker[] {
    for (const worker of this.#cores.splice(workers)) this.#end(worker);
    for (const worker of this.#cores) worker.share = quota;
    const added: WorkWorker[] = [];
    while (this.#cores.length < workers) {
      const worker = this.#begin({ type: 'core' }, quota);
      this.#cores.push(worker);
      added.push(worker);
    }
    return added;
  }

  /** The graphics processor's worker; it is given work when it says that it has one. */
  #lookForGraphics({ graphics, quota }: WorkOptions): void {
    if (graphics !== this.#use) {
      this.#use = graphics;
      this.#endGraphics();
      this.#unfit = undefined;
    }
    if (graphics === 'off' || this.#unfit) return;
    if (!('gpu' in navigator)) this.#unfit = 'absent';
    else if (this.#graphics) this.#graphics.share = quota;
    else this.#graphics = this.#begin({ type: 'graphics', software: graphics === 'on' }, quota);
  }

  #endGraphics(): void {
    if (this.#graphics) this.#end(this.#graphics);
    this.#graphics = undefined;
  }

  #begin(processor: Processor, quota: number): WorkWorker {
    return new WorkWorker(this.#cores.length + 1, processor, quota, {
      changed: () => {
        this.#sample();
        this.#changed();
      },
      fit: (one) => {
        if (this.#work || this.#pending > 0) void this.#prepare(one, this.#turn);
      },
      unfit: (why) => {
        this.#unfit = why;
        this.#endGraphics();
        this.#changed();
      },
      found: (one, search, header, hash) => void this.#found(one, search, header, hash),
      exhausted: (one) => void this.#prepare(one, this.#turn),
    });
  }

  #end(worker: WorkWorker): void {
    this.#hashesBefore += worker.hashes;
    worker.end();
  }

  #heard(change: SourceChange): void {
    if (change === 'work') return this.#renew();
    const waiting = this.#waiting;
    const idle = waiting === 'work' && !this.#pending && !this.#timer && !this.#sending;
    // A node or a pool that went takes the work away.
    const gone = waiting !== undefined && this.#work !== undefined;
    if (idle || gone) this.#renew();
    else this.#changed();
  }

  /**
   * Asks for new work. What is searched until it is there goes on: its hits are the source's to judge,
   * and none is lost.
   */
  #renew(): void {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = 0;
    this.#work = undefined;
    const waiting = this.#waiting;
    if (waiting !== undefined && waiting !== 'work')
      for (const worker of this.#workers) worker.rest();
    else for (const worker of this.#workers) void this.#prepare(worker, turn);
    this.#changed();
  }

  async #prepare(worker: WorkWorker, turn: number): Promise<void> {
    const source = this.#options?.source;
    if (!source || turn !== this.#turn) return;
    this.#extraNonce = (this.#extraNonce + 1) >>> 0;
    this.#pending++;
    try {
      const work = await source.prepare(this.#extraNonce);
      if (turn !== this.#turn) return;
      this.#pending--;
      this.#refusals = 0;
      this.#remember(++this.#search, work);
      this.#work = work;
      this.#problem = undefined;
      worker.search(this.#search, work, source.shares);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#pending--;
      worker.rest();
      if (++this.#refusals > REFUSALS_UNSAID) this.#problem = says.cannotPrepare(sentence(error));
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#renew(), RETRY_MS);
    }
    this.#changed();
  }

  #remember(search: number, work: Assignment): void {
    this.#searches.set(search, work);
    for (const old of this.#searches.keys()) {
      if (this.#searches.size <= MOST_SEARCHES) break;
      this.#searches.delete(old);
    }
  }

  async #found(worker: WorkWorker, search: number, header: string, hash: string): Promise<void> {
    const source = this.#options?.source;
    const work = this.#searches.get(search);
    const shares = this.#shares;
    if (!source || !work || !shares.begin(hash)) return;
    const isBlock = meets(hash, blockTarget(work.header));
    if (isBlock) this.#blocks.add(work, hash);
    // The others work on the same parent: whatever they find now is worth nothing.
    const turn = !source.shares && work.previous === this.#work?.previous ? this.#close() : 0;
    this.#changed();
    const outcome = await source.submit(work, header).catch((error: unknown): Outcome => {
      return { type: 'rejected', reason: sentence(error) };
    });
    shares.end(outcome);
    if (outcome.type === 'accepted') worker.accepted += 1;
    if (isBlock) this.#blocks.end(hash, outcome, source.shares);
    this.#follow();
    if (turn === 0) return;
    this.#sending = false;
    // Unless the source had news meanwhile.
    if (turn === this.#turn) this.#renew();
  }

  /** A block was found: all rest until there is work on top of it. */
  #close(): number {
    this.#work = undefined;
    this.#sending = true;
    for (const worker of this.#workers) worker.rest();
    return ++this.#turn;
  }

  /** What became of the blocks, as far as the chain's newest headers tell. */
  #follow(): void {
    this.#blocks.follow(this.#session.chain?.recent);
    this.#changed();
  }

  #sample(): void {
    const at = performance.now();
    this.#course.add(
      Date.now() / 1000,
      this.#cores.map((worker) => worker.rate.now(at)),
      this.#graphics?.graphics === undefined ? undefined : this.#graphics.rate.now(at),
    );
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const sentence = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
