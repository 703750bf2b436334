// The page's side of the lab worker: requests with ids, and one worker for as long as a run lasts.

import { en } from '../strings/en.ts';
import workerUrl from '../workers/lab/lab-worker.ts?worker&url';
import type { FromLabWorker, ToLabWorker } from './lab-envelope.js';
import type { LessonCommand, LessonView } from './lesson-messages.js';
import { startWorker } from './trusted.ts';

const says = en.lesson.worker;

/** The worker's module, which the page fetches for it: the worker has no network. */
const wasmUrl = new URL('../workers/lab/pkg/lab_bg.wasm', import.meta.url);

/** Where a player has its views from. */
export interface LabLink {
  request(command: LessonCommand): Promise<LessonView>;
  /** Ends it, whatever it is at. */
  close(): void;
}

interface Pending {
  resolve(view: LessonView): void;
  reject(error: Error): void;
}

export class Lab implements LabLink {
  readonly #pending = new Map<number, Pending>();
  #worker: Promise<Worker> | undefined;
  #nextId = 1;
  /** Why it is over. */
  #over: string | undefined;

  async request(command: LessonCommand): Promise<LessonView> {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    if (this.#over !== undefined) throw new Error(this.#over);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ type: 'command', id, command } satisfies ToLabWorker);
    });
  }

  close(): void {
    this.#end(says.closed);
  }

  async #start(): Promise<Worker> {
    const module = await compiled();
    if (this.#over !== undefined) throw new Error(this.#over);
    const worker = startWorker(workerUrl, 'lab');
    worker.onmessage = ({ data }: MessageEvent<FromLabWorker>) => this.#hear(data);
    worker.onmessageerror = () => this.#end(says.unreadable);
    // Without a message the script itself did not load.
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(event.message || says.notLoaded);
    };
    worker.postMessage({ type: 'start', module } satisfies ToLabWorker);
    return worker;
  }

  #hear(message: FromLabWorker): void {
    if (message.type === 'trapped') return this.#end(message.reason);
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'view') pending?.resolve(message.view);
    else pending?.reject(new Error(message.message));
  }

  #end(why: string): void {
    this.#over ??= why;
    this.#worker?.then(
      (worker) => worker.terminate(),
      () => {},
    );
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new Error(why));
  }
}

let module: Promise<WebAssembly.Module> | undefined;

/** Fetched and compiled once a page. */
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
