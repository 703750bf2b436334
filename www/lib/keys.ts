// The page's side of the keys worker. An open wallet is a worker that runs; a locked one is no worker
// at all. It locks after five idle minutes, when the page is hidden for good or frozen, when the
// worker traps, and whenever another tab locks.

import workerUrl from '../workers/keys/keys-worker.ts?worker&url';
import type { FromKeysWorker, ToKeysWorker } from './keys-envelope.js';
import type { KeysCommand, KeysReply } from './messages.js';
import { en } from '../strings/en.ts';
import { startWorker } from './trusted.ts';

const says = en.keys.worker;

/** The worker's module, which the page fetches for it. */
const wasmUrl = new URL('../workers/keys/pkg/keys_bg.wasm', import.meta.url);

/** Without a touch of this site, in any of its tabs, for this long, it locks. */
export const IDLE_MS = 5 * 60_000;
/** Other tabs hear of activity no more often than this. */
const TELL_EVERY_MS = 10_000;

/** Why it locked. */
export type LockReason = 'asked' | 'idle' | 'hidden' | 'otherTab' | 'broke';

/** A command that was not done. The message is a sentence. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
  constructor(
    message: string,
    /** The passphrase was another: the one mistake that a person can mend by typing again. */
    readonly wrongPassphrase = false,
  ) {
    super(message);
  }
}

interface Pending {
  resolve(reply: KeysReply): void;
  reject(error: KeysError): void;
}

/** What tabs tell each other. */
type Word = 'lock' | 'active';

/** Commands that need no open vault: each brings what it needs. */
const startsWorker: ReadonlySet<KeysCommand['type']> = new Set([
  'create',
  'restore',
  'unlock',
  'showPhrase',
  'changePassphrase',
]);

/** The keys of one network, in this tab. */
export class Keys {
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(reason: LockReason) => void>();
  readonly #page = new AbortController();
  readonly #tabs: BroadcastChannel | undefined;
  #worker: Worker | undefined;
  /** Messages for a worker that is being started. */
  #waiting: ToKeysWorker[] = [];
  /** Counts workers: a module that comes late for one that was ended starts nothing. */
  #generation = 0;
  #open = false;
  #nextId = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When somebody last touched the site; by both clocks, since one may stand still or go back. */
  #touched = { wall: 0, monotonic: 0 };
  #told = 0;

  constructor(readonly network: string) {
    const { signal } = this.#page;
    const touch = (): void => this.#touch();
    addEventListener('pointerdown', touch, { signal, capture: true, passive: true });
    addEventListener('keydown', touch, { signal, capture: true, passive: true });
    addEventListener('pagehide', () => this.#lock('hidden'), { signal });
    document.addEventListener('freeze', () => this.#lock('hidden'), { signal });
    // A timer of a hidden tab may be late by a minute, one of a sleeping machine by a night.
    const look = (): void => this.#lockIfIdle();
    document.addEventListener('visibilitychange', look, { signal });
    document.addEventListener('resume', look, { signal });
    addEventListener('pageshow', look, { signal });
    if (typeof BroadcastChannel === 'function') {
      this.#tabs = new BroadcastChannel(`farthing-keys-${network}`);
      this.#tabs.onmessage = ({ data }: MessageEvent<Word>) => {
        if (data === 'lock') this.#lock('otherTab');
        else this.#touch(false);
      };
    }
  }

  /** Whether it may sign. */
  get isOpen(): boolean {
    this.#lockIfIdle();
    return this.#open;
  }

  /** Asks the worker for something. Rejects with a {@link KeysError} whose message is a sentence. */
  request(command: KeysCommand): Promise<KeysReply> {
    this.#lockIfIdle();
    if (!this.#open && !startsWorker.has(command.type))
      return Promise.reject(new KeysError(says.locked));
    this.#touch();
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      this.#post({ type: 'command', id, command });
    });
  }

  /** Locks, in every tab of this site. */
  lock(): void {
    this.#lock('asked');
  }

  /** Hears of each lock, until the returned function is called. */
  onLock(listener: (reason: LockReason) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Locks, and listens no more. */
  close(): void {
    this.#lock('asked');
    this.#page.abort();
    this.#tabs?.close();
    this.#listeners.clear();
  }

  /** Posts now, or when the worker runs: messages keep their order. */
  #post(message: ToKeysWorker): void {
    if (this.#worker) this.#worker.postMessage(message);
    else {
      this.#waiting.push(message);
      if (this.#waiting.length === 1) void this.#start();
    }
  }

  async #start(): Promise<void> {
    const generation = ++this.#generation;
    let worker: Worker;
    try {
      const module = await compiled();
      if (generation !== this.#generation) return;
      worker = startWorker(workerUrl, `keys ${this.network}`);
      worker.postMessage({ type: 'start', network: this.network, module } satisfies ToKeysWorker);
    } catch (error) {
      if (generation === this.#generation)
        this.#end(
          'broke',
          says.cannotStart(error instanceof Error ? error.message : String(error)),
        );
      return;
    }
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromKeysWorker>) => {
      if (worker === this.#worker) this.#receive(data);
    };
    worker.onmessageerror = () => {
      if (worker === this.#worker) this.#end('broke', says.broke(says.unreadable));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#end('broke', says.broke(event.message || says.notLoaded));
    };
    for (const message of this.#waiting.splice(0)) worker.postMessage(message);
  }

  #receive(message: FromKeysWorker): void {
    if (message.type === 'trapped') return this.#end('broke', says.broke(message.reason));
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'reply') {
      if (message.reply.type === 'opened') {
        this.#open = true;
        this.#watchIdle();
      }
      pending?.resolve(message.reply);
    } else {
      pending?.reject(new KeysError(message.message, message.wrongPassphrase));
    }
    // It was started for this alone, and holds nothing that is needed.
    if (!this.#open && this.#pending.size === 0) this.#endWorker();
  }

  /** Locks here; a tab that was open locks the others with it. */
  #lock(reason: LockReason): void {
    if (reason !== 'otherTab' && (this.#open || reason === 'asked')) this.#tell('lock');
    this.#end(reason, says.lockedMeanwhile);
  }

  #end(reason: LockReason, why: string): void {
    const wasOpen = this.#open;
    this.#endWorker();
    this.#open = false;
    clearTimeout(this.#timer);
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new KeysError(why));
    if (wasOpen) for (const listener of [...this.#listeners]) listener(reason);
  }

  /** The worker's memory goes with it. */
  #endWorker(): void {
    this.#generation++;
    this.#waiting = [];
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #touch(tell = true): void {
    this.#lockIfIdle();
    this.#touched = { wall: Date.now(), monotonic: performance.now() };
    if (tell && performance.now() - this.#told > TELL_EVERY_MS) this.#tell('active');
  }

  #tell(word: Word): void {
    if (word === 'active') this.#told = performance.now();
    this.#tabs?.postMessage(word);
  }

  /** How long nobody has touched the site, by the clock that says more. */
  get #idle(): number {
    return Math.max(Date.now() - this.#touched.wall, performance.now() - this.#touched.monotonic);
  }

  #lockIfIdle(): void {
    if (this.#open && this.#idle >= IDLE_MS) this.#lock('idle');
  }

  #watchIdle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#lockIfIdle();
        if (this.#open) this.#watchIdle();
      },
      Math.max(IDLE_MS - this.#idle, 100),
    );
  }
}

let module: Promise<WebAssembly.Module> | undefined;

/** The worker's module, fetched and compiled once by the page, which may. */
function compiled(): Promise<WebAssembly.Module> {
  module ??= compile().catch((error: unknown) => {
    module = undefined;
    throw error;
  });
  return module;
}

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(says.notFetched(response.status));
  return WebAssembly.compile(await response.arrayBuffer());
}

const all = new Map<string, Keys>();

/** The keys of a network: one for each tab, however many parts of a page ask. */
export function keysOf(network: string): Keys {
  let keys = all.get(network);
  if (!keys) all.set(network, (keys = new Keys(network)));
  return keys;
}
