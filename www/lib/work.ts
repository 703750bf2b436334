// Work on blocks: several workers search, the client gives them headers and takes what they find. It
// begins when it is told to and not before, knows nothing of a page, and is used by more than one.

import { en } from '../strings/en.ts';
import type { ChainView, Command, Reply, WorkView } from './messages.ts';
import { Course, expectedHashes, type Sample } from './rate.ts';
import { Proposals } from './proposals.ts';
import { WorkWorker, type WorkerState } from './work-worker.ts';

const says = en.work;

/** What is needed of the page's session. */
export interface WorkSession {
  readonly chain: ChainView | undefined;
  /** Peers that answer: without one a block would reach nobody. */
  readonly ready: readonly unknown[];
  request(command: Command): Promise<Reply>;
  watch(watcher: () => void): () => void;
}

export interface WorkOptions {
  /** How many, each in a worker of its own. */
  workers: number;
  /** The share of one core's time that each takes, over 0 and at most 1. */
  quota: number;
  /** Who is paid. */
  address: string;
  /** Where a node proposes what to work on; without it, blocks of our own. */
  template?: string | undefined;
}

/** A block that was found here. */
export interface FoundBlock {
  height: number;
  hash: string;
  /** Seconds since 1970, of this computer's clock. */
  time: number;
  /** Units that its coinbase creates. */
  value: bigint;
  transactions: number;
  /** `sending` until the client took it; what became of it is read from the chain. */
  state: 'sending' | 'best' | 'abandoned' | 'refused';
  /** Why it was refused. */
  problem?: string;
}

/** Why nothing is searched although it was started. */
export type Waiting = 'nodes' | 'headers' | 'work' | 'paused';

export interface WorkState {
  running: boolean;
  waiting: Waiting | undefined;
  /** What is searched now. */
  work: WorkView | undefined;
  /** Whose proposal it is. */
  source: 'template' | 'own';
  workers: readonly { state: WorkerState; rate: number; hashes: number }[];
  /** Hashes a second, all together: a moving average. */
  rate: number;
  /** The rate over time. */
  course: readonly Sample[];
  /** All hashes since the start. */
  hashes: number;
  /** Newest first. */
  blocks: readonly FoundBlock[];
  /** Seconds until the next block of this page, expected; none while nothing is searched. */
  expected: number | undefined;
  /** A sentence on what is not as it should be. */
  problem: string | undefined;
}

/** Found blocks that are remembered. */
const MOST_BLOCKS = 200;
/** Work of our own is renewed so often, for the time in its header and for new transactions. */
const RENEW_MS = 30_000;
/** Asked again so soon after a refusal: the headers may be on their way. */
const RETRY_MS = 500;
const REFUSALS_UNSAID = 6;

export class Work {
  readonly #session: WorkSession;
  readonly #listeners = new Set<() => void>();
  #options: WorkOptions | undefined;
  #workers: WorkWorker[] = [];
  #blocks: FoundBlock[] = [];
  #course = new Course();
  #hashesBefore = 0;
  readonly #proposals = new Proposals(() => this.#renew());
  #problem: string | undefined;
  #work: WorkView | undefined;
  /** What each search is for, by its number. */
  readonly #works = new Map<number, WorkView>();
  /** Two tabs that pay one address must not search the same: they begin at different numbers. */
  #extraNonce = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  #search = 0;
  /** Requests for work that are under way in this turn. */
  #pending = 0;
  /** Refusals in a row: one alone is a header or a proposal that is on its way. */
  #refusals = 0;
  /** Counts what takes the place of all work before: a tip, a template, a stop. */
  #turn = 0;
  #tip: string | undefined;
  #paused = false;
  /** A block is on its way to the client. */
  #sending = false;
  #leave: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: WorkSession) {
    this.#session = session;
  }

  /** Begins, or goes on in another way. */
  start(options: WorkOptions): void {
    const asks = this.#options?.template !== options.template || !this.#options;
    if (!this.#options) {
      this.#leave = this.#session.watch(() => this.#heard());
      this.#tip = this.#session.chain?.tip.hash;
    }
    this.#options = options;
    this.#count(options);
    if (asks) this.#proposals.follow(options.template);
    this.#renew();
  }

  /** Ends the workers. What was found stays. */
  stop(): void {
    if (!this.#options) return;
    this.#options = undefined;
    this.#turn++;
    this.#leave();
    this.#proposals.follow(undefined);
    clearTimeout(this.#timer);
    for (const worker of this.#workers.splice(0)) this.#end(worker);
    this.#works.clear();
    this.#work = undefined;
    this.#problem = undefined;
    this.#sample(true);
    this.#changed();
  }

  /** Nothing is searched until it is told otherwise: the workers stay. */
  pause(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    this.#renew();
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
    const workers = this.#workers.map(({ state, hashes, rate }) => ({
      state,
      hashes,
      rate: rate.now(at),
    }));
    const rate = workers.reduce((sum, worker) => sum + worker.rate, 0);
    return {
      running: this.#options !== undefined,
      waiting: this.#waiting,
      work: this.#work,
      source: this.#proposals.newest ? 'template' : 'own',
      workers,
      rate,
      course: this.#course.samples,
      hashes: this.#hashesBefore + workers.reduce((sum, worker) => sum + worker.hashes, 0),
      blocks: this.#blocks,
      expected: this.#work && rate > 0 ? expectedHashes(this.#work.target) / rate : undefined,
      problem:
        this.#problem ??
        this.#workers.find((worker) => worker.problem)?.problem ??
        this.#proposals.problem,
    };
  }

  get #waiting(): Waiting | undefined {
    if (!this.#options) return undefined;
    if (this.#paused) return 'paused';
    if (this.#session.ready.length === 0) return 'nodes';
    const stage = this.#session.chain?.progress?.stage;
    if (!this.#session.chain || stage === 'headers' || stage === 'presync') return 'headers';
    return this.#work ? undefined : 'work';
  }

  /** As many workers as are wanted, each with its share. */
  #count({ workers, quota }: WorkOptions): void {
    for (const worker of this.#workers.splice(workers)) this.#end(worker);
    for (const worker of this.#workers) worker.share = quota;
    while (this.#workers.length < workers)
      this.#workers.push(
        new WorkWorker(this.#workers.length + 1, quota, {
          changed: () => {
            this.#sample(false);
            this.#changed();
          },
          found: (_, search, header, hash) => void this.#found(search, header, hash),
          exhausted: (one) => void this.#prepare(one, this.#turn),
        }),
      );
  }

  #end(worker: WorkWorker): void {
    this.#hashesBefore += worker.hashes;
    worker.end();
  }

  /** The session knows something new: a tip takes the place of all work. */
  #heard(): void {
    const tip = this.#session.chain?.tip.hash;
    const moved = tip !== this.#tip && tip !== this.#work?.previous;
    this.#tip = tip;
    this.#follow();
    const waiting = this.#waiting;
    const idle = waiting === 'work' && !this.#pending && !this.#timer && !this.#sending;
    // Nodes that went, or headers that are fetched, take the work away.
    const gone = waiting !== undefined && this.#work !== undefined;
    if (moved || idle || gone) this.#renew();
    else this.#changed();
  }

  /** Drops all work and asks for new. */
  #renew(): void {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = 0;
    this.#work = undefined;
    this.#works.clear();
    const waiting = this.#waiting;
    if (waiting !== undefined && waiting !== 'work')
      for (const worker of this.#workers) worker.rest();
    else for (const worker of this.#workers) void this.#prepare(worker, turn);
    this.#changed();
  }

  async #prepare(worker: WorkWorker, turn: number): Promise<void> {
    const options = this.#options;
    if (!options || turn !== this.#turn) return;
    this.#extraNonce = (this.#extraNonce + 1) >>> 0;
    this.#pending++;
    try {
      const reply = await this.#session.request({
        type: 'prepareWork',
        template: this.#proposals.newest ?? null,
        address: options.address,
        extraNonce: this.#extraNonce,
      });
      if (turn !== this.#turn || reply.type !== 'work') return;
      const { work } = reply;
      this.#pending--;
      this.#refusals = 0;
      this.#works.set(++this.#search, work);
      this.#work = work;
      this.#problem = undefined;
      worker.search(this.#search, work.header, work.target);
      this.#later(RENEW_MS);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#pending--;
      worker.rest();
      if (++this.#refusals > REFUSALS_UNSAID) this.#problem = says.cannotPrepare(sentence(error));
      this.#later(RETRY_MS);
    }
    this.#changed();
  }

  #later(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#renew(), wait);
  }

  async #found(search: number, header: string, hash: string): Promise<void> {
    const work = this.#works.get(search);
    if (!work) return;
    const turn = ++this.#turn;
    // The others work on the same parent: whatever they find now is worth nothing.
    this.#work = undefined;
    this.#works.clear();
    for (const worker of this.#workers) worker.rest();
    const block: FoundBlock = {
      height: work.height,
      hash,
      time: Math.floor(Date.now() / 1000),
      value: work.value,
      transactions: work.transactions,
      state: 'sending',
    };
    this.#blocks = [block, ...this.#blocks].slice(0, MOST_BLOCKS);
    this.#sending = true;
    this.#changed();
    try {
      await this.#session.request({ type: 'submitWork', id: work.id, header });
      this.#mark(block, { state: 'best' });
    } catch (error) {
      this.#mark(block, { state: 'refused', problem: sentence(error) });
    }
    this.#sending = false;
    // Unless a tip or a template came meanwhile.
    if (turn === this.#turn) this.#next();
  }

  /** After a block of our own: the node's next proposal, which comes at once, or the next of ours. */
  #next(): void {
    if (this.#proposals.newest) this.#later(RETRY_MS);
    else this.#renew();
  }

  #mark(block: FoundBlock, change: Pick<FoundBlock, 'state' | 'problem'>): void {
    this.#blocks = this.#blocks.map((b) => (b.hash === block.hash ? { ...b, ...change } : b));
    this.#follow();
    this.#changed();
  }

  /** What became of the blocks, as far as the chain's newest headers tell. */
  #follow(): void {
    const recent = this.#session.chain?.recent;
    if (!recent || !this.#blocks.length) return;
    const best = new Map(recent.map((header) => [header.hash, header.best]));
    this.#blocks = this.#blocks.map((block) => {
      const is = best.get(block.hash);
      if (is === undefined || block.state === 'refused') return block;
      return { ...block, state: is ? 'best' : 'abandoned' };
    });
  }

  #sample(over: boolean): void {
    const rate = over
      ? 0
      : this.#workers.reduce((sum, worker) => sum + worker.rate.now(performance.now()), 0);
    this.#course.add(Date.now() / 1000, rate);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const sentence = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
