// The page's side of the client worker: requests with ids, events, and a supervisor that starts a
// worker again after a trap, from what it stored, and says so.

import { en } from '../strings/en.ts';
import workerUrl from '../workers/client/worker.ts?worker&url';
import type { FromWorker, Role, ToWorker } from './envelope.js';
import type { Command, Event, Reply } from './messages.js';
import { startWorker } from './trusted.js';

/** How the worker is. */
export type ClientState =
  | { type: 'starting' }
  | { type: 'running' }
  /** It is being started again; requests that were in flight were rejected, if they had begun. */
  | { type: 'restarting'; reason: string }
  /** It broke for good; every request is rejected. */
  | { type: 'failed'; reason: string };

const says = en.client;

/** Starts in a row that never came to run, after which the client gives up. */
const MAX_FAILED_STARTS = 6;
const FIRST_BACK_OFF_MS = 250;
const LONGEST_BACK_OFF_MS = 30_000;
/** A worker that ran this long before it broke is started again at once. */
const STEADY_MS = 60_000;
/** A start that takes longer is taken for dead: reading a whole chain takes a few seconds. */
const START_LIMIT_MS = 120_000;

type WatchWallet = Extract<Command, { type: 'watchWallet' }>;

interface Pending {
  readonly command: Command;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** One light client, on one network, in a worker of its own. */
export class Client {
  readonly #network: string;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #stateListeners = new Set<(state: ClientState) => void>();
  readonly #page = new AbortController();
  /** Commands asked for while no worker was there. */
  #waiting: ToWorker[] = [];
  #worker: Worker | undefined;
  #state: ClientState = { type: 'starting' };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;
  #role: Role = 'any';
  /** The last nodes that were set: a new worker is told them first. */
  #nodes: Command | undefined;
  /** The wallet that is watched, likewise: a tab that only reads has it in memory alone. */
  #wallet: WatchWallet | undefined;
  #breaks = 0;
  #failedStarts = 0;
  #runningSince = 0;
  #closed = false;

  constructor(network: string) {
    this.#network = network;
    const signal = this.#page.signal;
    const wake = (): void => {
      // A page that is being hidden has nothing to look at.
      if (this.#state.type === 'running' && document.visibilityState === 'visible') {
        this.#tell({ type: 'wake', online: navigator.onLine });
      }
    };
    addEventListener('online', wake, { signal });
    addEventListener('offline', wake, { signal });
    addEventListener('pageshow', wake, { signal });
    document.addEventListener('visibilitychange', wake, { signal });
    this.#start();
  }

  /** Asks the client for something. Rejects with an Error whose message is a sentence. */
  request(command: Command): Promise<Reply> {
    if (this.#closed) return Promise.reject(new Error(says.closed));
    if (this.#state.type === 'failed') return Promise.reject(new Error(this.#state.reason));
    if (command.type === 'createInvoice') askToKeepStorage();
    if (command.type === 'setNodes') this.#nodes = command;
    if (command.type === 'watchWallet') this.#wallet = joined(this.#wallet, command);
    if (command.type === 'forgetWallet') this.#wallet = undefined;
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { command, resolve, reject });
      this.#post({ type: 'command', id, command });
    });
  }

  /** Hears every event from now on, until the returned function is called. */
  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears the state, now and at each change, until the returned function is called. */
  onState(listener: (state: ClientState) => void): () => void {
    this.#stateListeners.add(listener);
    listener(this.#state);
    return () => this.#stateListeners.delete(listener);
  }

  /** Ends the worker. What is stored stays. */
  close(): void {
    this.#closed = true;
    this.#page.abort();
    this.#end(says.closed);
    this.#listeners.clear();
    this.#stateListeners.clear();
  }

  #start(): void {
    let worker: Worker;
    try {
      worker = startWorker(workerUrl, `client ${this.#network}`);
    } catch (error) {
      this.#fail(says.cannotStart(sentence(error)));
      return;
    }
    this.#worker = worker;
    worker.onmessage = (message: MessageEvent<FromWorker>) => {
      if (worker === this.#worker) this.#receive(message.data);
    };
    worker.onmessageerror = () => {
      if (worker === this.#worker) this.#broke(says.unreadable);
    };
    // Without a message the script itself did not load.
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker !== this.#worker) return;
      this.#broke(event.message || says.notLoaded);
    };
    this.#timer = setTimeout(() => this.#broke(says.doesNotStart), START_LIMIT_MS);
    this.#post({ type: 'start', network: this.#network, role: this.#role });
    if (this.#state.type === 'restarting') {
      if (this.#nodes !== undefined) this.#tell(this.#nodes);
      if (this.#wallet !== undefined) this.#tell(this.#wallet);
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) this.#post(message);
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'running':
        clearTimeout(this.#timer);
        this.#failedStarts = 0;
        this.#runningSince = performance.now();
        this.#become({ type: 'running' });
        break;
      case 'event':
        for (const listener of [...this.#listeners]) listener(message.event);
        break;
      case 'reply':
        this.#take(message.id)?.resolve(message.reply);
        break;
      case 'refused':
        this.#take(message.id)?.reject(new Error(message.message));
        break;
      case 'trapped':
        this.#broke(message.reason);
        break;
      case 'again':
        this.#again(message.lead, message.reason);
        break;
      case 'failed':
        this.#fail(message.reason);
        break;
    }
  }

  /** The worker trapped: end it, start another from what is stored. */
  #broke(reason: string): void {
    if (this.#closed || this.#worker === undefined) return;
    const ran = this.#state.type === 'running';
    this.#end(says.broke(reason));
    if (!ran && ++this.#failedStarts >= MAX_FAILED_STARTS) {
      this.#fail(says.gaveUp(MAX_FAILED_STARTS, reason));
      return;
    }
    if (ran && performance.now() - this.#runningSince > STEADY_MS) this.#breaks = 0;
    const backOff = Math.min(FIRST_BACK_OFF_MS * 2 ** this.#breaks, LONGEST_BACK_OFF_MS);
    this.#breaks++;
    // The turn ended with the worker, unless this tab only reads.
    if (this.#role === 'lead') this.#role = 'any';
    this.#become({ type: 'restarting', reason });
    this.#timer = setTimeout(() => this.#start(), backOff);
  }

  /** Another tab wrote, or writes: start from what is stored, in the other role. */
  #again(lead: boolean, reason: string): void {
    const unbegun = lead ? [...this.#pending] : [];
    if (lead) this.#pending.clear();
    this.#end(says.tookOver(reason));
    this.#role = lead ? 'lead' : 'follow';
    this.#become({ type: 'restarting', reason });
    for (const [id, pending] of unbegun) {
      this.#pending.set(id, pending);
      this.#post({ type: 'command', id, command: pending.command });
    }
    this.#start();
  }

  #fail(reason: string): void {
    this.#end(reason);
    this.#become({ type: 'failed', reason });
  }

  /** Ends the worker and rejects what it was asked. */
  #end(reason: string): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#waiting = [];
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new Error(reason));
  }

  /** A command whose answer nobody waits for. */
  #tell(command: Command): void {
    this.#post({ type: 'command', id: this.#nextId++, command });
  }

  #post(message: ToWorker): void {
    if (this.#worker === undefined) this.#waiting.push(message);
    else this.#worker.postMessage(message);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #become(state: ClientState): void {
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}

/** More keys of one wallet join those before; its first key names it. */
function joined(before: WatchWallet | undefined, more: WatchWallet): WatchWallet {
  if (before === undefined || before.keys[0]?.publicKey !== more.keys[0]?.publicKey) return more;
  const known = new Set(before.keys.map((key) => key.publicKey));
  const births = [before.birth, more.birth].filter((birth) => birth !== null);
  return {
    type: 'watchWallet',
    keys: [...before.keys, ...more.keys.filter((key) => !known.has(key.publicKey))],
    birth: births.length > 0 ? Math.min(...births) : null,
  };
}

/** Asks the browser not to evict what is stored: only a page may ask, and may be refused. */
function askToKeepStorage(): void {
  navigator.storage?.persist?.().catch(() => undefined);
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
