/** When keys lock (www/lib/keys.ts), around workers that only note, a clock that is set, and tabs that hear each other. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { FakeWorker, workers } from './fake-worker.js';
import { load } from './support.js';

const MINUTE = 60_000;
const UNLOCK = { type: 'unlock', record: new Uint8Array(4), passphrase: 'practice' };
const SIGN = { type: 'sign', request: {} };
const OPENED = { type: 'opened', record: new Uint8Array(4), keys: [], phrase: null };

/** Every worker that was started, oldest first. */
let fetched = 0;
let failFetch = false;
let monotonic = 0;

class KeysWorker extends FakeWorker {
  /** As it is: what is sent may hold a port. */
  postMessage(message) {
    this.said.push(message);
  }
  /** Answers the last command. */
  answers(reply) {
    this.says({ type: 'reply', id: this.said.at(-1).id, reply });
  }
}

class FakeChannel {
  static all = new Set();
  constructor(name) {
    this.name = name;
    FakeChannel.all.add(this);
  }
  postMessage(data) {
    for (const other of FakeChannel.all)
      if (other !== this && other.name === this.name) other.onmessage({ data });
  }
  close() {
    FakeChannel.all.delete(this);
  }
}

const page = new EventTarget();
const tab = new EventTarget();
Object.assign(globalThis, {
  Worker: KeysWorker,
  BroadcastChannel: FakeChannel,
  document: tab,
  addEventListener: page.addEventListener.bind(page),
  fetch: async () => {
    fetched += 1;
    return { ok: !failFetch, status: 404, arrayBuffer: async () => new ArrayBuffer(8) };
  },
});
WebAssembly.compile = async () => ({ compiled: true });
Object.defineProperty(globalThis, 'performance', {
  value: { now: () => monotonic },
  configurable: true,
});
const { IDLE_MS, Keys, keysOf } = await load('/lib/keys.ts');

let keys;
let others = [];

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  workers.length = 0;
  failFetch = false;
  keys = new Keys('practice:wren');
});
afterEach(() => {
  for (const each of [keys, ...others]) each.close();
  others = [];
  mock.timers.reset();
});

const worker = () => workers.at(-1);
/** Lets promises settle: the module is fetched and compiled before a worker starts. */
async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Time passes for both clocks. */
function pass(ms) {
  monotonic += ms;
  mock.timers.tick(ms);
}

async function open(which = keys) {
  const opened = which.request(UNLOCK);
  await settle();
  worker().answers(OPENED);
  await opened;
  assert.ok(which.isOpen);
  return worker();
}

/** Why it locked, each time. */
function locks(which = keys) {
  const reasons = [];
  which.onLock((reason) => reasons.push(reason));
  return reasons;
}

async function assertLocked(which, itsWorker) {
  assert.equal(which.isOpen, false);
  assert.ok(itsWorker.ended, 'the worker ends with the lock');
  const count = workers.length;
  await assert.rejects(which.request(SIGN), { message: 'the wallet is locked' });
  assert.equal(workers.length, count, 'and no other is started to refuse');
}

test('a module that cannot be fetched is said, and asked for again', async () => {
  failFetch = true;
  await assert.rejects(keys.request(UNLOCK), /cannot be started: the site answered 404/);
  failFetch = false;
  await open();
  assert.equal(fetched, 2);
});

test('the worker gets the network and a compiled module first, and its requests in order', async () => {
  const [first, second] = [keys.request(UNLOCK), keys.request(UNLOCK)];
  await settle();
  const [start, ...asked] = worker().said;
  assert.deepEqual(start, {
    type: 'start',
    network: 'practice:wren',
    module: { compiled: true },
  });
  assert.deepEqual(
    asked.map(({ command }) => command),
    [UNLOCK, UNLOCK],
  );
  assert.notEqual(asked[0].id, asked[1].id);
  worker().says({ type: 'refused', id: asked[1].id, message: 'no', wrongPassphrase: true });
  worker().says({ type: 'reply', id: 999, reply: OPENED });
  worker().says({ type: 'reply', id: asked[0].id, reply: OPENED });
  assert.equal(await first, OPENED);
  await assert.rejects(second, { name: 'KeysError', message: 'no', wrongPassphrase: true });
});

test('the module is fetched and compiled once', async () => {
  const before = fetched;
  await open();
  keys.lock();
  await open();
  assert.equal(workers.length, 2);
  assert.equal(fetched, before);
});

test('nothing is signed or derived before it is open, and no worker is started for it', async () => {
  await assert.rejects(keys.request(SIGN), /locked/);
  await assert.rejects(keys.request({ type: 'deriveKeys', account: 0, from: 0, count: 1 }));
  assert.equal(workers.length, 0);
});

test('a worker that was asked only to look ends when it has answered', async () => {
  const wrong = keys.request(UNLOCK);
  await settle();
  worker().says({
    type: 'refused',
    id: worker().said.at(-1).id,
    message: 'expected the passphrase',
    wrongPassphrase: true,
  });
  await assert.rejects(wrong);
  assert.ok(worker().ended);
  const shown = keys.request({ ...UNLOCK, type: 'showPhrase' });
  await settle();
  worker().answers({ type: 'phrase', words: ['abandon'] });
  await shown;
  assert.ok(worker().ended);
  assert.equal(keys.isOpen, false);
});

test('five idle minutes lock it, and not a second less', async () => {
  assert.equal(IDLE_MS, 5 * MINUTE);
  const itsWorker = await open();
  const reasons = locks();
  pass(IDLE_MS - 1000);
  assert.ok(keys.isOpen);
  pass(1000);
  await assertLocked(keys, itsWorker);
  assert.deepEqual(reasons, ['idle']);
});

test('a touch of the page begins the five minutes again', async () => {
  const itsWorker = await open();
  for (const name of ['pointerdown', 'keydown']) {
    pass(4 * MINUTE);
    page.dispatchEvent(new Event(name));
  }
  pass(4 * MINUTE);
  const signed = keys.request(SIGN);
  worker().answers({ type: 'signed', transaction: '', txid: '' });
  await signed;
  pass(4 * MINUTE);
  assert.ok(keys.isOpen);
  pass(MINUTE);
  await assertLocked(keys, itsWorker);
});

test('a machine that slept, or whose timer is late, locks before anything is done', async () => {
  // Only one of the clocks goes on while a machine sleeps, and not the same on every system.
  for (const sleep of [
    () => (monotonic += 6 * MINUTE),
    () => mock.timers.setTime(Date.now() + 6 * MINUTE),
  ]) {
    const itsWorker = await open();
    const reasons = locks();
    sleep();
    page.dispatchEvent(new Event('pointerdown'));
    assert.deepEqual(reasons, ['idle'], 'the touch that wakes it comes too late');
    await assertLocked(keys, itsWorker);
  }
  const itsWorker = await open();
  monotonic += 6 * MINUTE;
  tab.dispatchEvent(new Event('visibilitychange'));
  await assertLocked(keys, itsWorker);
});

test('leaving the page and freezing lock it', async () => {
  for (const [target, name] of [
    [page, 'pagehide'],
    [tab, 'freeze'],
  ]) {
    const itsWorker = await open();
    const reasons = locks();
    target.dispatchEvent(new Event(name));
    assert.deepEqual(reasons, ['hidden'], name);
    await assertLocked(keys, itsWorker);
  }
});

test('a lock in one tab locks all of them, of this network', async () => {
  const other = new Keys('practice:wren');
  const elsewhere = new Keys('practice:robin');
  others = [other, elsewhere];
  const ended = [await open(), await open(other)];
  await open(elsewhere);
  const [mine, theirs] = [locks(), locks(other)];
  keys.lock();
  assert.deepEqual([mine, theirs], [['asked'], ['otherTab']]);
  await assertLocked(keys, ended[0]);
  await assertLocked(other, ended[1]);
  assert.ok(elsewhere.isOpen);
});

test('five idle minutes are idle in all tabs', async () => {
  const other = new Keys('practice:wren');
  others = [other];
  await open();
  await open(other);
  const [mine, theirs] = [locks(), locks(other)];
  pass(4 * MINUTE);
  // Both fake tabs share the page's events: only one of them is told of this request.
  const signed = keys.request(SIGN);
  workers.at(-2).says({ type: 'reply', id: workers.at(-2).said.at(-1).id, reply: {} });
  await signed;
  pass(4 * MINUTE);
  assert.ok(keys.isOpen);
  assert.ok(other.isOpen, 'somebody is at the other tab');
  pass(MINUTE);
  assert.deepEqual([mine.length, theirs.length], [1, 1]);
});

test('a tab that goes says so only where it was open', async () => {
  let heard = [];
  const channel = new FakeChannel('farthing-keys-practice:wren');
  channel.onmessage = ({ data }) => heard.push(data);
  page.dispatchEvent(new Event('pagehide'));
  assert.deepEqual(heard, []);
  await open();
  heard = [];
  page.dispatchEvent(new Event('pagehide'));
  assert.deepEqual(heard, ['lock']);
  page.dispatchEvent(new Event('pagehide'));
  assert.deepEqual(heard, ['lock']);
  channel.close();
});

test('a worker that traps is ended, and that is a lock', async () => {
  for (const trap of [
    (it) => it.says({ type: 'trapped', reason: 'unreachable' }),
    (it) => it.onerror({ message: 'out of memory', preventDefault() {} }),
    (it) => it.onmessageerror(),
  ]) {
    const itsWorker = await open();
    const reasons = locks();
    const lost = keys.request(SIGN);
    trap(itsWorker);
    await assert.rejects(lost, /broke, so the wallet was locked/);
    assert.deepEqual(reasons, ['broke']);
    await assertLocked(keys, itsWorker);
  }
  // What a dead one still says opens nothing.
  workers.at(-1).says({ type: 'reply', id: 1, reply: OPENED });
  assert.equal(keys.isOpen, false);
});

test('a lock while it is being opened leaves it locked', async () => {
  const early = keys.request(UNLOCK);
  keys.lock();
  await assert.rejects(early, /was locked, so this was not done/);
  await settle();
  assert.equal(workers.length, 0, 'the module came too late');
  const late = keys.request(UNLOCK);
  await settle();
  const itsWorker = worker();
  const { id } = itsWorker.said.at(-1);
  keys.lock();
  itsWorker.says({ type: 'reply', id, reply: OPENED });
  await assert.rejects(late, /was locked/);
  await assertLocked(keys, itsWorker);
});

test('there are one tab’s keys for each network', () => {
  const one = keysOf('practice:wren');
  others = [one];
  assert.equal(keysOf('practice:wren'), one);
  assert.notEqual(keysOf('practice:robin'), one);
  others.push(keysOf('practice:robin'));
});
