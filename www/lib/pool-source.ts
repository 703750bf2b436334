// Shares for a pool: the page's side of the pool worker. It is started again when it breaks; a pool
// that is gone is tried again by the worker itself.

import { en } from '../strings/en.ts';
import workerUrl from '../workers/pool/pool-worker.ts?worker&url';
import type { FromPool, ToPool } from './pool-envelope.ts';
import type { PoolEvent, PoolWork } from './messages.ts';
import type { OfferedPool } from './nodes.ts';
import { startWorker } from './trusted.ts';
import type { Assignment, Outcome, SourceChange, Waiting, WorkSource } from './work-source.ts';

const says = en.work.pool;

export interface PoolPlace {
  /** The `ws:` or `wss:` address of this site that leads to the pool. */
  readonly url: string;
  /** The pool's own `host:port`, or the site's. */
  readonly address: string;
  /** Who is credited: mostly an address, or `ADDRESS.name`. */
  readonly user: string;
}

/** Where an offered pool is, for whom it is to credit. */
export const poolPlace = ({ url, name, network }: OfferedPool, user: string): PoolPlace => ({
  url,
  // The site's own node is where the site is.
  address: network ? new URL(url).host : name,
  user,
});

/** Bits that a search can roll (BIP320). */
const VERSION_MASK = 0x1fff_e000;
const AGENT = 'farthing';
const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 60_000;
/** Breaks in a row, without a share that was taken between them, after which it is given up. */
const MOST_BREAKS = 6;

interface Pending {
  resolve(work: Assignment): void;
  reject(error: Error): void;
}

export class PoolSource implements WorkSource {
  readonly kind = 'pool';
  readonly shares = true;
  readonly place: PoolPlace;
  /** What went wrong last; it stands until a share is taken, or the next connection brings work. */
  problem: string | undefined;
  /** What the pool says to people, in its own words. */
  message: string | undefined;

  #changed: (change: SourceChange) => void = () => {};
  #worker: Worker | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #breaks = 0;
  #nextId = 1;
  #works = new Map<number, Pending>();
  #submits = new Map<number, (outcome: Outcome) => void>();
  #ready = false;
  #hasJob = false;

  constructor(place: PoolPlace) {
    this.place = place;
  }

  /** Whether it is this pool, for this user. */
  isAt({ url, user }: PoolPlace): boolean {
    return url === this.place.url && user === this.place.user;
  }

  get waiting(): Waiting | undefined {
    return this.#ready && this.#hasJob ? undefined : 'pool';
  }

  open(changed: (change: SourceChange) => void): void {
    this.#changed = changed;
    this.#breaks = 0;
    this.problem = undefined;
    this.message = undefined;
    this.#start();
  }

  close(): void {
    this.#changed = () => {};
    clearTimeout(this.#timer);
    this.#end(says.left);
  }

  prepare(extraNonce: number): Promise<Assignment> {
    if (!this.#worker) return Promise.reject(new Error(says.notThere));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#works.set(id, { resolve, reject });
      this.#post({ type: 'prepare', id, extraNonce });
    });
  }

  submit(work: Assignment, header: string): Promise<Outcome> {
    if (!this.#worker) return Promise.resolve({ type: 'stale', reason: says.notThere });
    return new Promise((resolve) => {
      const share = this.#nextId++;
      this.#submits.set(share, resolve);
      this.#post({ type: 'submit', share: { share, work: work.id, header } });
    });
  }

  #start(): void {
    let worker: Worker;
    try {
      worker = startWorker(workerUrl, 'pool');
    } catch (error) {
      return this.#giveUp(error instanceof Error ? error.message : String(error));
    }
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromPool>) => {
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
    const { url, address, user } = this.place;
    const options = { address, user, password: 'x', agent: AGENT, versionMask: VERSION_MASK };
    this.#post({ type: 'start', url, options });
  }

  #hear(message: FromPool): void {
    switch (message.type) {
      case 'event':
        return this.#on(message.event);
      case 'work':
        return this.#give(message.id, message.work);
      case 'trapped':
        return this.#broke(message.reason);
    }
  }

  #give(id: number, work: PoolWork | undefined): void {
    const pending = this.#works.get(id);
    this.#works.delete(id);
    if (work) pending?.resolve(assignment(work));
    else pending?.reject(new Error(says.noWork));
  }

  #on(event: PoolEvent): void {
    switch (event.type) {
      case 'link': {
        this.#ready = event.link.type === 'ready';
        if (!this.#ready) this.#hasJob = false;
        return this.#changed('state');
      }
      case 'job':
        if (!this.#hasJob) this.problem = undefined;
        this.#hasJob = true;
        return this.#changed('work');
      case 'difficulty':
        return this.#changed(this.#hasJob ? 'work' : 'state');
      case 'accepted':
        this.#breaks = 0;
        this.problem = undefined;
        return this.#settle(event.share, { type: 'accepted' });
      case 'rejected':
      case 'stale':
        return this.#settle(event.share, { type: event.type, reason: event.reason });
      case 'problem':
        this.problem = says.problem(event.text);
        return this.#changed('state');
      case 'message':
        this.message = says.message(event.text);
        return this.#changed('state');
    }
  }

  #settle(share: number, outcome: Outcome): void {
    this.#submits.get(share)?.(outcome);
    this.#submits.delete(share);
  }

  /** It trapped: whatever the pool made it do, another one begins anew. */
  #broke(reason: string): void {
    this.#end(reason);
    this.problem = says.broke(reason);
    if (++this.#breaks >= MOST_BREAKS) return this.#giveUp(reason);
    const wait = Math.min(FIRST_BACK_OFF_MS * 2 ** (this.#breaks - 1), LONGEST_BACK_OFF_MS);
    this.#timer = setTimeout(() => this.#start(), wait);
    this.#changed('state');
  }

  #giveUp(reason: string): void {
    this.problem = says.gaveUp(reason);
    this.#changed('state');
  }

  #end(why: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#ready = false;
    this.#hasJob = false;
    const works = [...this.#works.values()];
    const submits = [...this.#submits.values()];
    this.#works.clear();
    this.#submits.clear();
    for (const { reject } of works) reject(new Error(why));
    for (const settle of submits) settle({ type: 'stale', reason: why });
  }

  #post(message: ToPool): void {
    this.#worker?.postMessage(message);
  }
}

/** The parent is in the header: bytes 4 to 36, which people write the other way round. */
function assignment({ id, header, target, versionMask }: PoolWork): Assignment {
  const bytes = header.slice(8, 72).match(/../g) ?? [];
  const previous = bytes.reverse().join('');
  const unknown = { height: undefined, transactions: undefined, value: undefined };
  return { id, header, target, versionMask, previous, ...unknown };
}
