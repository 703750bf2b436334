// One work worker and its supervisor: it is given a search, told its quota, and started again when it
// breaks, from where it last told that it was.

import { en } from '../strings/en.ts';
import workerUrl from '../workers/work/worker.ts?worker&url';
import { Rate } from './rate.ts';
import { startWorker } from './trusted.ts';
import type { FromWork, ToWork, Unfit } from './work-envelope.js';
import type { Assignment } from './work-source.ts';
import type { WorkerView } from './work.ts';

/** How a worker is. `resting`: it has nothing to search. */
export type WorkerState = 'starting' | 'searching' | 'resting' | 'restarting' | 'failed';

/** What it searches on: a core, or the graphics processor; `software`: even if that is a program. */
export type Processor = { type: 'core' } | { type: 'graphics'; software: boolean };

/** What a worker searches, beyond its id. */
export type Search = Extract<ToWork, { type: 'search' }>;

/** Milliseconds: at work, and all in all while it had work. Their ratio is the share that it took. */
export interface Duty {
  busy: number;
  time: number;
}

/** What its owner hears. */
export interface Owner {
  /** Its rate or its state changed. */
  changed(): void;
  /** A hit, of this search or of one that it had before: it heard of the next within a slice. */
  found(worker: WorkWorker, search: number, header: string, hash: string): void;
  /** It has a graphics processor, and may be given work. */
  fit(worker: WorkWorker): void;
  /** There is none for it, or none to rely on: it is to be ended. */
  unfit(why: Unfit): void;
  /** It needs other work: every nonce was tried. */
  exhausted(worker: WorkWorker, search: number): void;
}

const FIRST_BACK_OFF_MS = 250;
const LONGEST_BACK_OFF_MS = 30_000;
/** Breaks in a row, without a word of a search between them, after which it is given up. */
const MOST_BREAKS = 6;

export class WorkWorker {
  state: WorkerState = 'starting';
  /** Why it was started again, or given up. */
  problem: string | undefined;
  /** The graphics processor's name, which may be empty; none: it searches on a core. */
  graphics: string | undefined;
  hashes = 0;
  accepted = 0;
  readonly rate = new Rate();

  #duty: Duty = { busy: 0, time: 0 };
  readonly #processor: Processor;
  readonly #number: number;
  readonly #owner: Owner;
  #worker: Worker | undefined;
  #search: Search | undefined;
  #share: number;
  #breaks = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(number: number, processor: Processor, share: number, owner: Owner) {
    this.#processor = processor;
    this.#number = number;
    this.#share = share;
    this.#owner = owner;
    this.#start();
  }

  /** Search this instead of whatever it is at; `all`: every hit, and not the first alone. */
  search(id: number, { header, target, versionMask }: Assignment, all: boolean): void {
    const begin = { group: 0, from: 0 };
    this.#search = { type: 'search', id, header, target, versionMask, all, ...begin };
    if (this.state === 'failed' || this.#ended) return;
    this.#post(this.#search);
    if (this.state === 'resting') this.#become('searching');
  }

  /** Drop the work, and take no time. */
  rest(): void {
    this.#search = undefined;
    this.#post({ type: 'rest' });
    if (this.state === 'searching') this.#become('resting');
  }

  view(at: number): WorkerView {
    const { state, graphics, hashes, accepted } = this;
    const duty = { ...this.#duty };
    return { state, graphics, hashes, accepted, duty, rate: this.rate.now(at) };
  }

  set share(share: number) {
    if (share !== this.#share) this.#duty = { busy: 0, time: 0 };
    this.#share = share;
    this.#post({ type: 'quota', share });
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): void {
    let worker: Worker;
    try {
      worker = startWorker(workerUrl, `work ${this.#number}`);
    } catch (error) {
      this.#give(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWork>) => {
      if (worker === this.#worker) this.#hear(data);
    };
    worker.onmessageerror = () => {
      if (worker === this.#worker) this.#broke(en.client.unreadable);
    };
    // Without a message the script itself did not load.
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#broke(event.message || en.work.notLoaded);
    };
    if (this.#processor.type === 'graphics') this.#post(this.#processor);
    this.#post({ type: 'quota', share: this.#share });
    if (this.#search) this.#post(this.#search);
  }

  #hear(message: FromWork): void {
    const mine = 'id' in message && message.id === this.#search?.id;
    switch (message.type) {
      case 'ready':
        this.#become(this.#search ? 'searching' : 'resting');
        break;
      case 'graphics':
        if (this.graphics === undefined) {
          this.graphics = message.name;
          this.#owner.fit(this);
        }
        break;
      case 'unfit':
        this.#owner.unfit(message.why);
        break;
      case 'searched':
        // What it did for work that was taken from it is done all the same.
        this.#breaks = 0;
        this.problem = undefined;
        this.hashes += message.hashes;
        this.#duty.busy += message.busy;
        this.#duty.time += message.time;
        this.rate.add(message.hashes, message.time, performance.now());
        if (mine && this.#search)
          this.#search = { ...this.#search, group: message.group, from: message.next };
        this.#owner.changed();
        break;
      case 'found':
        if (mine && !this.#search?.all) {
          this.#search = undefined;
          this.#become('resting');
        }
        this.#owner.found(this, message.id, message.header, message.hash);
        break;
      case 'exhausted':
        if (!mine) break;
        this.#search = undefined;
        this.#become('resting');
        this.#owner.exhausted(this, message.id);
        break;
      case 'trapped':
        this.#broke(message.reason);
        break;
    }
  }

  /** It trapped: end it, and start another where it was, less a slice. */
  #broke(reason: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.rate.forget();
    this.problem = en.work.broke(reason);
    if (++this.#breaks >= MOST_BREAKS) return this.#give(reason);
    const wait = Math.min(FIRST_BACK_OFF_MS * 2 ** (this.#breaks - 1), LONGEST_BACK_OFF_MS);
    this.#timer = setTimeout(() => this.#start(), wait);
    this.#become('restarting');
  }

  #give(reason: string): void {
    this.problem = en.work.gaveUp(reason);
    this.#become('failed');
  }

  #post(message: ToWork): void {
    this.#worker?.postMessage(message);
  }

  #become(state: WorkerState): void {
    this.state = state;
    this.#owner.changed();
  }
}
