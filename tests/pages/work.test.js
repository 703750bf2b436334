/** Proof of work (www/lib/work.ts) on blocks of one's own, around workers and a client that only note. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { workers } from './fake-worker.js';
import { load } from './support.js';

const { Work } = await load('/lib/work.ts');
const { ChainSource } = await load('/lib/chain-source.ts');

const TARGET = `000003ff${'f'.repeat(56)}`;
const header = (hash, best = true) => ({ hash, best, height: 7 });
/** A header of its own for each number, with the compact form of the target. */
const headerOf = (number) => `${`${number}`.padStart(144, '0')}ffff031e${'0'.repeat(8)}`;
/** A hash that meets the target, and differs with each name. */
const hashOf = (name) => Buffer.from(name).toString('hex').padStart(64, '0');

/** A session whose client gives work on its tip and takes every block. */
class FakeSession {
  chain = { tip: { hash: 'tip0' }, recent: [], progress: null };
  ready = ['a node'];
  asked = [];
  watchers = new Set();
  refuse = undefined;
  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
  changed(change = {}) {
    Object.assign(this, change);
    for (const watcher of this.watchers) watcher();
  }
  async request(command) {
    this.asked.push(structuredClone(command));
    const why = this.refuse?.(command);
    if (why) throw new Error(why);
    if (command.type === 'submitWork') {
      const { previous } = this.works.get(command.id);
      if (previous !== this.chain.tip.hash) throw new Error('a newer block has come');
    }
    if (command.type !== 'prepareWork') return { type: 'done' };
    const work = {
      id: this.asked.length,
      header: headerOf(this.asked.length),
      versionMask: 0x1fffe000,
      target: TARGET,
      height: 7,
      previous: command.template?.previousblockhash ?? this.tipOfClient ?? this.chain.tip.hash,
      transactions: 1,
      value: 500_000_000n,
    };
    this.works.set(work.id, work);
    return { type: 'work', work };
  }
  works = new Map();
  get prepared() {
    return this.asked.filter(({ type }) => type === 'prepareWork');
  }
}

let session;
let work;
const WORKERS = { workers: 2, quota: 0.5, graphics: 'off' };
const told = (hashes) => ({ hashes, busy: 125, time: 250, group: 0 });
const settled = () => new Promise((resolve) => setImmediate(resolve));
const own = (options = {}) => new ChainSource(session, { address: 'fthp1x', ...options });
const begin = async ({ template, ...how } = {}) => {
  work.start({ ...WORKERS, ...how, source: own({ template }) });
  for (const worker of workers) worker.says({ type: 'ready' });
  await settled();
};

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  workers.length = 0;
  session = new FakeSession();
  work = new Work(session);
});
afterEach(() => {
  work.stop();
  mock.timers.reset();
});

test('nothing starts before it is told to', () => {
  session.changed({ chain: { ...session.chain, tip: { hash: 'tip1' } } });
  assert.equal(workers.length, 0);
  assert.deepEqual(session.asked, []);
  assert.equal(work.state.running, false);
});

test('every worker gets its quota, and a search that no other has', async () => {
  await begin();
  assert.deepEqual(
    workers.map(({ said }) => said[0]),
    [
      { type: 'quota', share: 0.5 },
      { type: 'quota', share: 0.5 },
    ],
  );
  const [one, two] = session.prepared;
  assert.notEqual(one.extraNonce, two.extraNonce);
  assert.equal(one.template, null);
  assert.equal(one.address, 'fthp1x');
  assert.notEqual(workers[0].search.header, workers[1].search.header);
  assert.equal(workers[0].search.target, TARGET);
  assert.equal(workers[0].search.versionMask, 0x1fffe000);
  assert.equal(workers[0].search.all, false, 'a block ends the round');
  assert.deepEqual(
    work.state.workers.map(({ state }) => state),
    ['searching', 'searching'],
  );
});

test('a new tip takes the place of all work', async () => {
  await begin();
  const before = workers.map((worker) => worker.search.id);
  session.changed({ chain: { ...session.chain, tip: { hash: 'tip1' } } });
  await settled();
  const after = workers.map((worker) => worker.search.id);
  assert.ok(after.every((id) => !before.includes(id)));
  // What an old search finds is the client's to judge, and takes nothing from the new.
  workers[0].says({ type: 'found', id: before[0], header: '00', hash: hashOf('old') });
  await settled();
  assert.equal(work.state.shares.stale, 1);
  assert.deepEqual(work.state.shares.reasons, [{ reason: 'a newer block has come', count: 1 }]);
  assert.equal(work.state.blocks[0].state, 'abandoned');
  assert.deepEqual(
    workers.map((worker) => worker.search.id),
    after,
  );
  // And a change that is none of the tip's changes nothing.
  session.changed();
  await settled();
  assert.deepEqual(
    workers.map((worker) => worker.search.id),
    after,
  );
});

test('a hit is handed to the client, and what becomes of it is told', async () => {
  await begin();
  const { id } = workers[1].search;
  workers[1].says({ type: 'found', id, header: 'ab', hash: hashOf('mine') });
  assert.equal(workers[0].search, undefined, 'the others drop the same parent at once');
  await settled();
  const prepared = session.prepared[1];
  const submitted = session.asked.find(({ type }) => type === 'submitWork');
  assert.equal(submitted.header, 'ab');
  assert.equal(submitted.id, session.asked.indexOf(prepared) + 1, 'the work of that search');
  assert.equal(work.state.blocks[0].state, 'best');
  assert.equal(work.state.blocks[0].hash, hashOf('mine'));
  assert.ok(workers[0].search && workers[1].search, 'and it goes on');
  session.changed({ chain: { ...session.chain, recent: [header(hashOf('mine'), false)] } });
  assert.equal(work.state.blocks[0].state, 'abandoned');
  session.changed({ chain: { ...session.chain, recent: [header(hashOf('mine'), true)] } });
  assert.equal(work.state.blocks[0].state, 'best');
  // Deeper than the newest headers, it stays what it was.
  session.changed({ chain: { ...session.chain, recent: [] } });
  assert.equal(work.state.blocks[0].state, 'best');
});

test('a block that came too late is stale, also where the page has not heard of the newer one', async () => {
  await begin();
  session.refuse = ({ type }) => type === 'submitWork' && 'a newer block has come';
  session.tipOfClient = 'tip1';
  workers[0].says({ type: 'found', id: workers[0].search.id, header: 'ab', hash: hashOf('mine') });
  await settled();
  const { stale, rejected } = work.state.shares;
  assert.deepEqual({ stale, rejected }, { stale: 1, rejected: 0 });
});

test('what a worker finds on the same parent after it was given newer work is not lost', async () => {
  await begin();
  const { id } = workers[0].search;
  // Half a minute later there is new work, with another time in its header.
  mock.timers.tick(30_000);
  await settled();
  assert.notEqual(workers[0].search.id, id);
  workers[0].says({ type: 'found', id, header: 'ab', hash: hashOf('mine') });
  await settled();
  assert.equal(work.state.blocks[0].state, 'best');
  assert.equal(work.state.shares.accepted, 1);
});

test('what a worker finds again after it broke is handed over once', async () => {
  await begin();
  const found = { type: 'found', id: workers[0].search.id, header: 'ab', hash: hashOf('mine') };
  workers[0].says(found);
  workers[0].says(found);
  await settled();
  assert.equal(session.asked.filter(({ type }) => type === 'submitWork').length, 1);
  assert.equal(work.state.blocks.length, 1);
});

test('a block that the client refuses says why, and the search goes on', async () => {
  await begin();
  session.refuse = ({ type }) => type === 'submitWork' && 'the tip has changed';
  workers[0].says({ type: 'found', id: workers[0].search.id, header: 'ab', hash: hashOf('mine') });
  await settled();
  const [block] = work.state.blocks;
  assert.deepEqual([block.state, block.problem], ['refused', 'the tip has changed']);
  session.changed({ chain: { ...session.chain, recent: [header(hashOf('mine'))] } });
  assert.equal(work.state.blocks[0].state, 'refused');
  assert.ok(workers[0].search);
});

test('a worker that breaks is started again where it was, and only that one', async () => {
  await begin();
  const [broken, other] = workers;
  broken.says({ type: 'searched', id: broken.search.id, ...told(5000), group: 3, next: 5000 });
  broken.says({ type: 'trapped', reason: 'unreachable' });
  assert.ok(broken.ended);
  assert.match(work.state.problem, /unreachable/);
  assert.equal(work.state.workers[0].state, 'restarting');
  mock.timers.tick(250);
  const again = workers[2];
  assert.deepEqual(again.search, { ...broken.search, group: 3, from: 5000 });
  assert.equal(again.said[0].share, 0.5);
  assert.equal(other.ended, false);
  again.says({ type: 'ready' });
  again.says({ type: 'searched', id: again.search.id, ...told(1), group: 3, next: 5001 });
  assert.equal(work.state.problem, undefined);
  assert.equal(work.state.hashes, 5001);
});

test('a worker that always breaks is given up', async () => {
  await begin({ workers: 1 });
  for (let n = 0; n < 6; n++) {
    workers.at(-1).says({ type: 'trapped', reason: 'no WebAssembly' });
    mock.timers.tick(30_000);
    await settled();
  }
  assert.equal(workers.length, 6);
  assert.equal(work.state.workers[0].state, 'failed');
  assert.match(work.state.problem, /given up.*no WebAssembly/);
});

test('a worker that tried every nonce gets other work', async () => {
  await begin();
  const before = workers[0].search;
  workers[0].says({ type: 'exhausted', id: before.id });
  await settled();
  assert.notEqual(workers[0].search.header, before.header);
  assert.equal(new Set(session.prepared.map(({ extraNonce }) => extraNonce)).size, 3);
});

test('without a node nothing is searched, and with one again it is', async () => {
  await begin();
  session.changed({ ready: [] });
  assert.equal(work.state.waiting, 'nodes');
  assert.ok(workers.every(({ search }) => search === undefined));
  session.changed({ ready: ['a node'] });
  await settled();
  assert.equal(work.state.waiting, undefined);
  assert.ok(workers.every(({ search }) => search));
});

test('a paused search rests, and the workers stay', async () => {
  await begin();
  work.pause('hidden');
  await settled();
  assert.equal(work.state.waiting, 'paused');
  assert.equal(work.state.paused, 'hidden');
  assert.ok(workers.every(({ search, ended }) => search === undefined && !ended));
  work.pause(undefined);
  await settled();
  assert.equal(workers.length, 2);
  assert.ok(workers.every(({ search }) => search));
});

test('more workers, fewer workers, another quota, and the end', async () => {
  await begin();
  const { source } = work.options;
  const before = workers.map(({ search }) => search.id);
  work.start({ source, workers: 3, quota: 0.25, graphics: 'off' });
  await settled();
  assert.equal(workers.length, 3);
  assert.deepEqual(workers[0].said.at(-1), { type: 'quota', share: 0.25 });
  assert.deepEqual(
    workers.slice(0, 2).map(({ search }) => search.id),
    before,
    'who searched goes on with it',
  );
  assert.ok(workers[2].search, 'and who is new gets work');
  work.start({ source, workers: 1, quota: 0.5, graphics: 'off' });
  assert.deepEqual(
    workers.map(({ ended }) => ended),
    [false, true, true],
  );
  work.stop();
  assert.ok(workers.every(({ ended }) => ended));
  assert.equal(session.watchers.size, 0);
  assert.equal(work.state.rate, 0);
  assert.equal(work.state.running, false);
});

test('no work is asked for again and again, and said to be missing once it lasts', async () => {
  session.refuse = () => 'the address is of another network';
  await begin({ workers: 1 });
  assert.equal(work.state.problem, undefined, 'once is a header on its way');
  for (let n = 0; n < 8; n++) {
    mock.timers.tick(500);
    await settled();
  }
  assert.match(work.state.problem, /the address is of another network/);
  session.refuse = undefined;
  mock.timers.tick(500);
  await settled();
  assert.equal(work.state.problem, undefined);
  assert.ok(workers[0].search);
});

const template = (more = {}) => ({
  version: 0x2000_0000,
  previousblockhash: 'a'.repeat(64),
  transactions: [
    { data: '00', txid: 'b'.repeat(64), hash: 'c'.repeat(64), fee: 210, weight: 400, depends: [] },
  ],
  coinbasevalue: 500_000_210,
  target: TARGET,
  mintime: 1,
  curtime: 2,
  mutable: ['time'],
  noncerange: '00000000ffffffff',
  sizelimit: 400_000,
  weightlimit: 400_000,
  bits: '1e03ffff',
  height: 8,
  default_witness_commitment: '6a24',
  longpollid: 'one',
  ...more,
});

test('a proposal of the node is what is searched, and the next one preempts it', async () => {
  const polls = [];
  globalThis.fetch = (url) =>
    new Promise((resolve) => polls.push({ url: String(url), answer: resolve }));
  const ok = (found) => ({ ok: true, json: async () => found });
  await begin({ template: 'http://127.0.0.1:8420/api/template' });
  assert.equal(polls[0].url, 'http://127.0.0.1:8420/api/template');
  polls[0].answer(ok(template()));
  await settled();
  const proposed = session.prepared.at(-1).template;
  assert.equal(proposed.coinbasevalue, 500_000_210n);
  assert.equal(proposed.transactions[0].fee, 210n);
  assert.equal(work.state.source, 'template');
  assert.match(polls[1].url, /longpollid=one$/);
  const before = workers[0].search.id;
  polls[1].answer(ok(template({ longpollid: 'two', height: 9 })));
  await settled();
  assert.notEqual(workers[0].search.id, before);
  assert.equal(session.prepared.at(-1).template.height, 9);
  // A node that is gone: blocks of our own, and that is said.
  polls[2].answer({ ok: false, status: 503, text: async () => 'the chain is being read' });
  await settled();
  assert.equal(session.prepared.at(-1).template, null);
  assert.equal(work.state.source, 'own');
  assert.match(work.state.problem, /the chain is being read/);
});
