// The keys' worker: has no network (its script is served with `connect-src 'none'`), so that nothing
// that goes wrong here can tell a key to anybody. The page posts it its module, compiled; the build
// gives it no other file. It is ended by the page, and that is the lock.

import { initSync, KeysMachine } from './pkg/keys.js';
import type { FromKeysWorker, ToKeysWorker } from '../../lib/keys-envelope.js';
import type { KeysCommand } from '../../lib/messages.js';

declare const self: DedicatedWorkerGlobalScope;

let machine: KeysMachine | undefined;
let broken = false;

self.onmessage = ({ data }: MessageEvent<ToKeysWorker>) => {
  if (broken) return;
  try {
    if (data.type === 'start') start(data.network, data.module);
    else perform(data.id, data.command);
  } catch (error) {
    trapped(error);
  }
};

function start(network: string, module: WebAssembly.Module): void {
  initSync({ module });
  machine = new KeysMachine(network);
}

function perform(id: number, command: KeysCommand): void {
  if (machine === undefined) throw new Error('expected the network first, found a command');
  try {
    post({ type: 'reply', id, reply: machine.handle(command) });
  } catch (error) {
    // What the machine refuses is an Error with a sentence; anything else broke it.
    if (error instanceof WebAssembly.RuntimeError || !(error instanceof Error)) throw error;
    const wrongPassphrase = error.name === 'PassphraseError';
    post({ type: 'refused', id, message: error.message, wrongPassphrase });
  }
}

function trapped(error: unknown): void {
  post({ type: 'trapped', reason: error instanceof Error ? error.message : String(error) });
  broken = true;
}

function post(message: FromKeysWorker): void {
  self.postMessage(message);
}
