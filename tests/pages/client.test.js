/** The page's side of the client worker (www/lib/client.ts), around workers that only note. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { workers } from './fake-worker.js';
import { load } from './support.js';

const NODES = { type: 'setNodes', nodes: [{ url: 'ws://127.0.0.1/', operator: 'me' }] };
const LIST = { type: 'listInvoices' };
const DECIDE = { type: 'decideInvoice', id: 1, decision: 'cancel' };

let policies = [];
let client;
let states;

const page = new EventTarget();
const documentEvents = Object.assign(new EventTarget(), { visibilityState: 'visible' });

Object.assign(globalThis, {
  document: documentEvents,
  addEventListener: page.addEventListener.bind(page),
  trustedTypes: {
    createPolicy(name, rules) {
      policies.push(name);
      return { createScriptURL: (url) => ({ trusted: rules.createScriptURL(url) }) };
    },
  },
});
Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
const { Client } = await load('/lib/client.ts');

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  workers.length = 0;
  states = [];
  client = new Client('regtest');
  client.onState((state) => states.push(state.type));
});

afterEach(() => {
  client.close();
  mock.timers.reset();
});

/** The newest worker. */
const worker = () => workers.at(-1);
/** The commands that a worker was told. */
const commands = (told) =>
  told.said.filter(({ type }) => type === 'command').map(({ command }) => command);
const run = () => worker().says({ type: 'running' });
const trap = (reason = 'unreachable') => worker().says({ type: 'trapped', reason });

test('the worker is told the network first, then each command with a number of its own', async () => {
  const first = client.request(LIST);
  const second = client.request(DECIDE);
  const [start, ...asked] = worker().said;
  assert.deepEqual(start, { type: 'start', network: 'regtest', role: 'any' });
  assert.deepEqual(commands(worker()), [LIST, DECIDE]);
  assert.notEqual(asked[0].id, asked[1].id);
  // Answers come in any order, and an answer to nothing is nothing.
  run();
  worker().says({ type: 'refused', id: asked[1].id, message: 'expected 2, found 1' });
  worker().says({ type: 'reply', id: 999, reply: { type: 'done' } });
  worker().says({ type: 'reply', id: asked[0].id, reply: { type: 'invoices', invoices: [] } });
  assert.deepEqual(await first, { type: 'invoices', invoices: [] });
  await assert.rejects(second, { message: 'expected 2, found 1' });
  assert.deepEqual(states, ['starting', 'running']);
});

test('events are heard until the listener leaves', () => {
  const heard = [];
  const leave = client.subscribe((event) => heard.push(event));
  worker().says({ type: 'event', event: { type: 'peers', peers: [] } });
  leave();
  worker().says({ type: 'event', event: { type: 'peers', peers: [] } });
  assert.deepEqual(heard, [{ type: 'peers', peers: [] }]);
});

test('after a trap another worker is started, and is told the nodes first', async () => {
  run();
  void client.request(NODES);
  worker().says({ type: 'reply', id: worker().said.at(-1).id, reply: { type: 'done' } });
  const lost = client.request(LIST);
  const broken = worker();
  trap('index out of bounds');
  await assert.rejects(lost, /index out of bounds/);
  assert.ok(broken.ended);
  assert.deepEqual(states, ['starting', 'running', 'restarting']);
  const waits = client.request(DECIDE);
  assert.equal(workers.length, 1, 'not before the back-off');
  mock.timers.tick(250);
  assert.equal(workers.length, 2);
  assert.equal(worker().said[0].type, 'start');
  assert.deepEqual(commands(worker()), [NODES, DECIDE]);
  // What the dead one still says counts for nothing.
  broken.says({ type: 'trapped', reason: 'again' });
  const { id } = worker().said.at(-1);
  broken.says({ type: 'refused', id, message: 'late' });
  run();
  worker().says({ type: 'reply', id, reply: { type: 'done' } });
  assert.deepEqual(await waits, { type: 'done' });
  assert.equal(states.at(-1), 'running');
});

test('after a trap the next worker is told of every key that is watched, from the earliest block on', () => {
  const watch = (keys, birth) =>
    client.request({ type: 'watchWallet', keys: keys.map((publicKey) => ({ publicKey })), birth });
  const asked = [
    watch(['a0', 'a1'], 9),
    watch(['a0', 'a1', 'a2'], 5),
    watch(['a0', 'a3'], null),
    watch(['a0'], 7),
  ];
  for (const told of asked) told.catch(() => undefined);
  const told = () => {
    run();
    trap();
    mock.timers.tick(250 * 2 ** (workers.length - 1));
    const watched = commands(worker()).filter(({ type }) => type === 'watchWallet');
    return watched.map(({ keys, birth }) => [keys.map(({ publicKey }) => publicKey), birth]);
  };
  assert.deepEqual(told(), [[['a0', 'a1', 'a2', 'a3'], 5]]);
  // Another wallet, known by its first key, takes the place of the one before.
  watch(['b0', 'a1'], 12).catch(() => undefined);
  assert.deepEqual(told(), [[['b0', 'a1'], 12]]);
  client.request({ type: 'forgetWallet' }).catch(() => undefined);
  assert.deepEqual(told(), []);
});

test('traps in a row are waited out longer each time', () => {
  for (const wait of [250, 500, 1000, 2000]) {
    run();
    trap();
    const count = workers.length;
    mock.timers.tick(wait - 1);
    assert.equal(workers.length, count);
    mock.timers.tick(1);
    assert.equal(workers.length, count + 1);
  }
});

test('a worker that never comes to run is given up, and says why', async () => {
  for (let start = 1; start < 6; start++) {
    trap();
    mock.timers.tick(30_000);
    assert.equal(workers.length, start + 1);
  }
  const lost = client.request(LIST);
  trap('no WebAssembly');
  await assert.rejects(lost, /no WebAssembly/);
  assert.equal(states.at(-1), 'failed');
  mock.timers.tick(1_000_000);
  assert.equal(workers.length, 6);
  await assert.rejects(client.request(LIST), /no WebAssembly/);
});

test('a network that does not exist is not tried again', async () => {
  const lost = client.request(LIST);
  worker().says({ type: 'failed', reason: 'unknown network' });
  await assert.rejects(lost, { message: 'unknown network' });
  mock.timers.tick(1_000_000);
  assert.equal(workers.length, 1);
  assert.equal(states.at(-1), 'failed');
});

test('a script that does not load and a start that hangs are traps', () => {
  worker().onerror({ preventDefault() {}, message: '' });
  assert.equal(states.at(-1), 'restarting');
  mock.timers.tick(250);
  assert.equal(workers.length, 2);
  mock.timers.tick(120_000);
  assert.ok(workers[1].ended);
  assert.equal(states.at(-1), 'restarting');
});

test('a tab that takes the turn asks its next worker what the last one did not begin', async () => {
  run();
  const asked = client.request(DECIDE);
  const { id } = worker().said.at(-1);
  worker().says({ type: 'again', lead: true, reason: 'another tab writes' });
  assert.ok(workers[0].ended);
  assert.equal(worker().said[0].role, 'lead');
  assert.deepEqual(commands(worker()), [DECIDE]);
  run();
  worker().says({ type: 'reply', id, reply: { type: 'done' } });
  assert.deepEqual(await asked, { type: 'done' });
  // The turn ended with that worker: after a trap no other tab is pushed aside.
  trap();
  mock.timers.tick(250);
  assert.equal(worker().said[0].role, 'any');
});

test('a tab that lost the turn starts again as one that reads, and repeats nothing', async () => {
  run();
  const asked = client.request(DECIDE);
  worker().says({ type: 'again', lead: false, reason: 'another tab writes' });
  await assert.rejects(asked, /not known whether this was done/);
  assert.equal(worker().said[0].role, 'follow');
  assert.deepEqual(commands(worker()), []);
});

test('a closed client starts nothing again', async () => {
  const asked = client.request(LIST);
  client.close();
  await assert.rejects(asked, /closed/);
  await assert.rejects(client.request(LIST), /closed/);
  assert.ok(worker().ended);
  mock.timers.tick(1_000_000);
  assert.equal(workers.length, 1);
});

test('the client hears that the machine is on-line again', () => {
  page.dispatchEvent(new Event('online'));
  assert.deepEqual(commands(worker()), [], 'not before it runs');
  run();
  page.dispatchEvent(new Event('online'));
  documentEvents.visibilityState = 'hidden';
  documentEvents.dispatchEvent(new Event('visibilitychange'));
  documentEvents.visibilityState = 'visible';
  assert.deepEqual(commands(worker()), [{ type: 'wake', online: true }]);
});

test("the script's address comes from the policy, which is made once", async () => {
  assert.match(worker().url.trusted, /client\/worker\.ts/);
  assert.deepEqual(worker().options, { type: 'module', name: 'client regtest' });
  new Client('signet').close();
  assert.deepEqual(policies, ['farthing']);
});
