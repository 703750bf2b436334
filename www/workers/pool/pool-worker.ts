// The pool's worker: one WebSocket, one timer, and the machine that speaks Stratum. What a pool says is
// parsed in the machine's wasm, here, and nowhere else: no key, no chain and no wallet is in reach of
// it, and the worker's own policy lets it reach this site alone.

import init, { PoolMachine } from './pkg/pool.js';
import type { FromPool, ToPool } from '../../lib/pool-envelope.ts';
import type { PoolInput, PoolOutput } from '../../lib/messages.ts';
import { Trap } from '../trap.ts';

declare const self: DedicatedWorkerGlobalScope;

/** More than a pool's longest line in a message of the socket is no line. */
const LONGEST_MESSAGE = 1 << 20;
/** What the browser holds for a pool that does not read. */
const MOST_UNSENT = 64 << 10;
/** A timer of a browser takes no more. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

const encoder = new TextEncoder();
const trap = new Trap((reason) => {
  self.postMessage({ type: 'trapped', reason } satisfies FromPool);
  drop();
  clearTimeout(timer);
});
const loaded = init();
let machine: PoolMachine | undefined;
let url = '';
let socket: WebSocket | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

// Installed before the wasm is loaded: what comes early waits for it.
self.onmessage = ({ data }: MessageEvent<ToPool>) => {
  loaded.then(() => trap.guarded(() => hear(data)), trap.spring);
};

function hear(message: ToPool): void {
  if (message.type === 'start') {
    url = message.url;
    machine = new PoolMachine(message.options);
    return feed({ type: 'tick' });
  }
  if (machine === undefined) throw new Error('expected the pool first, found other work');
  if (message.type === 'submit') return feed({ type: 'submit', ...message.share });
  const { id, extraNonce } = message;
  post({ type: 'work', id, work: machine.work(extraNonce) });
}

function feed(input: PoolInput): void {
  for (const output of machine?.handle(Date.now(), performance.now(), input) ?? []) act(output);
}

function act(output: PoolOutput): void {
  switch (output.type) {
    case 'connect':
      return connect();
    case 'send':
      socket?.send(output.bytes as Uint8Array<ArrayBuffer>);
      if ((socket?.bufferedAmount ?? 0) > MOST_UNSENT) soon(lose);
      return;
    case 'disconnect':
      return drop();
    case 'wakeAt':
      clearTimeout(timer);
      timer = setTimeout(
        () => trap.guarded(() => feed({ type: 'tick' })),
        Math.min(LONGEST_WAIT_MS, Math.max(0, output.monotonicMs - performance.now())),
      );
      return;
    case 'event':
      return post({ type: 'event', event: output.event });
  }
}

function connect(): void {
  drop();
  let opened: WebSocket;
  try {
    opened = new WebSocket(url);
  } catch {
    // An address that this page may not open: the machine says so, and tries again later.
    return soon(lose);
  }
  opened.binaryType = 'arraybuffer';
  /** What happens to a socket that was left is no news. */
  const current = (work: () => void): void => {
    if (opened === socket) trap.guarded(work);
  };
  opened.onopen = () => current(() => feed({ type: 'connected' }));
  opened.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) =>
    current(() => received(data));
  opened.onclose = ({ reason }) =>
    current(() => {
      lose();
      // This site's own word for why, where it has one.
      if (reason !== '') post({ type: 'event', event: { type: 'problem', text: reason } });
    });
  socket = opened;
}

/** After the outputs that are at hand: what follows from them comes later. */
const soon = (work: () => void): void => queueMicrotask(() => trap.guarded(work));

/** A text is a line; bytes are what they are. */
function received(data: ArrayBuffer | string): void {
  const line = typeof data === 'string' && !data.endsWith('\n') ? `${data}\n` : data;
  const bytes = typeof line === 'string' ? encoder.encode(line) : new Uint8Array(line);
  if (bytes.length > LONGEST_MESSAGE) return lose();
  feed({ type: 'received', bytes });
}

/** The connection is gone, and the machine did not ask for that. */
function lose(): void {
  drop();
  feed({ type: 'disconnected' });
}

function drop(): void {
  const left = socket;
  socket = undefined;
  left?.close();
}

function post(message: FromPool): void {
  if (!trap.sprung) self.postMessage(message);
}
