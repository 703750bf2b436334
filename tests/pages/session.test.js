/** What a page says of the network, from the last word of the client worker (www/lib/session.ts). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

Object.assign(globalThis, { addEventListener() {} });
Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
const { Session } = await load('/lib/session.ts');

const NOW = 1_700_000_000;
const ready = { state: { type: 'ready' }, operator: 'one', lastHeard: NOW };

/** A session that heard this of the chain. */
function session(chain) {
  let hear;
  const open = new Session(() => ({
    request: () => new Promise(() => {}),
    subscribe: (listener) => ((hear = listener), () => {}),
    onState: () => () => {},
    close() {},
  }));
  open.open('bitcoin', []);
  hear({ type: 'peers', peers: [ready] });
  hear({ type: 'chain', chain: { progress: null, stale: false, tip: { time: NOW }, ...chain } });
  return open;
}

test('a tip is stale when the core says so, whatever its age', () => {
  const old = { tip: { time: NOW - 86_400 }, spacing: 600, trustsPeers: false };
  assert.deepEqual(session(old).networkState(NOW), { type: 'connected' });
  const stale = session({ ...old, stale: true });
  assert.deepEqual(stale.networkState(NOW), { type: 'stale', age: 86_400 });
});

test('a chain that is being fetched is not called stale', () => {
  const fetching = session({ stale: true, progress: { stage: 'headers', height: 1, of: 4 } });
  assert.deepEqual(fetching.networkState(NOW), { type: 'fetching', percent: 25 });
});

const KEYS = [{ path: { account: 0, index: 0 }, publicKey: 'aa', address: 'fthp1' }];
const view = { wallet: 'aa', accounts: [{ keys: 1 }] };

/** What a session asks of a client that says `event` once it has read its storage. */
async function asked(event) {
  const commands = [];
  let hear;
  const open = new Session(
    () => ({
      async request(command) {
        commands.push(command.type);
        if (command.type !== 'listInvoices') return { type: 'done' };
        if (event) hear(event);
        return { type: 'invoices', invoices: [] };
      },
      subscribe: (listener) => ((hear = listener), () => {}),
      onState: () => () => {},
      close() {},
    }),
    async () => ({ keys: KEYS, birth: 3 }),
  );
  open.open('practice:a', []);
  await new Promise((resolve) => setTimeout(resolve, 5));
  return commands;
}

test('the stored keys are watched, unless the client says that it watches them', async () => {
  const all = ['setNodes', 'listInvoices'];
  assert.deepEqual(await asked(), [...all, 'watchWallet']);
  assert.deepEqual(await asked({ type: 'wallet', wallet: view }), all);
  const other = { ...view, wallet: 'bb' };
  assert.deepEqual(await asked({ type: 'wallet', wallet: other }), [...all, 'watchWallet']);
});
