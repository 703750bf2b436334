// The client's worker: loads the wasm, carries messages in and out, and reports a trap. All that
// it knows of the light client is the envelope.

import init, { Role as WasmRole, startClient, type ClientDriver } from './pkg/client.js';
import type { FromWorker, Role, ToWorker } from '../../lib/envelope.js';
import { runsSimd } from '../../lib/simd.js';
import type { Command } from '../../lib/messages.js';

declare const self: DedicatedWorkerGlobalScope;

const roles = { any: WasmRole.Any, lead: WasmRole.Lead, follow: WasmRole.Follow };

/** Its module needs `simd128`. */
const TOO_OLD =
  'This browser is too old for this page, or was told to do without a part of WebAssembly (SIMD). ' +
  'Chrome, Edge and Firefox have it since 2021, Safari since version 16.4 of 2023.';

/** Commands that came before the client had read its storage. */
const early: { id: number; command: Command }[] = [];
let driver: ClientDriver | undefined;
let broken = false;

// Installed before the wasm is loaded: a message that comes early waits.
self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'start') void start(data.network, data.role);
  else if (driver === undefined) early.push(data);
  else perform(driver, data.id, data.command);
};

// A trap in a callback of the browser (a socket, a timer) ends up here, and so does one in a task.
self.addEventListener('error', (event) => {
  event.preventDefault();
  trapped(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  trapped(event.reason);
});

async function start(network: string, role: Role): Promise<void> {
  if (!runsSimd()) {
    post({ type: 'failed', reason: TOO_OLD });
    return;
  }
  try {
    await init();
    const seed = self.crypto.getRandomValues(new Uint8Array(32));
    driver = await startClient(network, seed, roles[role], {
      event: (event) => post({ type: 'event', event }),
      reply: (id, reply) => post({ type: 'reply', id, reply }),
      refused: (id, message) => post({ type: 'refused', id, message }),
      failed: (reason) => post({ type: 'failed', reason }),
      again: (lead, reason) => post({ type: 'again', lead, reason }),
    });
  } catch (error) {
    trapped(error);
    return;
  }
  // None: the page was told why.
  if (driver === undefined) return;
  post({ type: 'running' });
  for (const { id, command } of early.splice(0)) perform(driver, id, command);
}

function perform(client: ClientDriver, id: number, command: Command): void {
  if (broken) return;
  try {
    client.command(id, command);
  } catch (error) {
    trapped(error);
  }
}

/** After a trap the wasm's memory may hold anything: nothing of it is called or told any more. */
function trapped(error: unknown): void {
  if (broken) return;
  post({ type: 'trapped', reason: error instanceof Error ? error.message : String(error) });
  broken = true;
}

function post(message: FromWorker): void {
  if (!broken) self.postMessage(message);
}
