/** Proof of work (www/lib/work.ts) for shares: every hit counts, and the search goes on after it. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { workers } from './fake-worker.js';
import { load } from './support.js';

const { Work } = await load('/lib/work.ts');

/** Of difficulty 1; the block's is 2^16 times as hard. */
const SHARE = `00000000ffff${'0'.repeat(52)}`;
const HEADER = `${'0'.repeat(144)}ffff001b${'0'.repeat(8)}`;
const hash = (number) => `00000000e${`${number}`.padStart(55, '0')}`;
const BLOCK = '1'.padStart(64, '0');

const finds = (worker, hash, id = worker.search.id) =>
  worker.says({ type: 'found', id, header: `header of ${hash}`, hash });

class FakePool {
  kind = 'pool';
  shares = true;
  waiting = undefined;
  problem = undefined;
  prepared = [];
  submitted = [];
  answers = [];
  isOpen = false;
  open(changed) {
    this.isOpen = true;
    this.changed = changed;
  }
  close() {
    this.isOpen = false;
  }
  async prepare(extraNonce) {
    this.prepared.push(extraNonce);
    return {
      id: this.prepared.length,
      header: HEADER,
      target: SHARE,
      versionMask: 0,
      height: undefined,
      previous: 'parent',
      transactions: undefined,
      value: undefined,
    };
  }
  submit(work, header) {
    this.submitted.push([work.id, header]);
    return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
  }
}

const session = {
  chain: { tip: { hash: 'tip' }, recent: [] },
  watch: () => () => {},
};
const settled = () => new Promise((resolve) => setImmediate(resolve));
let pool, work;

beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  workers.length = 0;
  pool = new FakePool();
  work = new Work(session);
  work.start({ source: pool, workers: 2, quota: 1, graphics: 'off' });
  for (const worker of workers) worker.onmessage({ data: { type: 'ready' } });
  await settled();
});
afterEach(() => {
  work.stop();
  mock.timers.reset();
});

test('each worker has an extra nonce of its own, and goes on after a share', async () => {
  assert.equal(new Set(pool.prepared).size, 2);
  const before = workers.map(({ search }) => search);
  assert.ok(before.every(({ all }) => all));
  finds(workers[0], hash(1));
  finds(workers[0], hash(2));
  assert.deepEqual(pool.submitted, [
    [1, `header of ${hash(1)}`],
    [1, `header of ${hash(2)}`],
  ]);
  assert.equal(work.state.shares.waiting, 2);
  for (const { resolve } of pool.answers) resolve({ type: 'accepted' });
  await settled();
  assert.deepEqual(
    workers.map(({ search }) => search),
    before,
  );
  const { accepted, waiting } = work.state.shares;
  assert.deepEqual({ accepted, waiting }, { accepted: 2, waiting: 0 });
  assert.deepEqual(
    work.state.workers.map((worker) => worker.accepted),
    [2, 0],
  );
  assert.deepEqual(work.state.blocks, [], 'a share is no block');
});

test('a share that was found while new work came is handed over with its own work', async () => {
  const { id } = workers[1].search;
  pool.changed('work');
  await settled();
  assert.notEqual(workers[1].search.id, id);
  finds(workers[1], hash(1), id);
  assert.deepEqual(pool.submitted, [[2, `header of ${hash(1)}`]]);
  pool.answers[0].resolve({ type: 'stale', reason: 'job not found' });
  await settled();
  assert.equal(work.state.shares.stale, 1);
});

test('reasons are counted, and a pool that has many keeps few of them', async () => {
  const reasons = ['low difficulty', 'duplicate', 'low difficulty', 'x'.repeat(5000)];
  for (const [index, reason] of reasons.entries()) {
    finds(workers[0], hash(index + 1));
    pool.answers[index].resolve({ type: 'rejected', reason });
    await settled();
  }
  finds(workers[0], hash(9));
  pool.answers[4].reject(new Error('the pool is gone'));
  await settled();
  assert.equal(work.state.shares.rejected, 5);
  assert.deepEqual(work.state.shares.reasons, [
    { reason: 'the pool is gone', count: 1 },
    { reason: 'x'.repeat(200), count: 1 },
    { reason: 'low difficulty', count: 2 },
    { reason: 'duplicate', count: 1 },
  ]);
  for (let index = 10; index < 30; index++) {
    finds(workers[0], hash(index));
    pool.answers.at(-1).resolve({ type: 'rejected', reason: `reason ${index}` });
    await settled();
  }
  assert.equal(work.state.shares.reasons.length, 6);
  assert.equal(work.state.shares.reasons[0].reason, 'reason 29');
});

test('a share that is a block is a block, and the best hash is told', async () => {
  finds(workers[0], hash(500));
  finds(workers[0], BLOCK);
  finds(workers[0], hash(7));
  assert.equal(work.state.shares.best.hash, BLOCK);
  assert.equal(work.state.blocks.length, 1);
  assert.equal(work.state.blocks[0].state, 'sending');
  for (const { resolve } of pool.answers) resolve({ type: 'accepted' });
  await settled();
  assert.equal(work.state.blocks[0].state, 'taken');
  // This page's own chain may be the pool's.
  session.chain.recent = [{ hash: BLOCK, best: true, height: 12 }];
  finds(workers[0], hash(8));
  pool.answers.at(-1).resolve({ type: 'accepted' });
  await settled();
  const { state, height } = work.state.blocks[0];
  assert.deepEqual({ state, height }, { state: 'best', height: 12 });
  session.chain.recent = [];
});

test('without the pool nothing is searched, and with it again everything is', async () => {
  pool.waiting = 'pool';
  pool.problem = 'the pool closed the connection';
  pool.changed('state');
  assert.equal(work.state.waiting, 'pool');
  assert.equal(work.state.problem, 'the pool closed the connection');
  assert.ok(workers.every(({ search }) => search === undefined));
  pool.waiting = undefined;
  pool.problem = undefined;
  pool.changed('work');
  await settled();
  assert.ok(workers.every(({ search }) => search));
});

test('another source takes the place of the first, and is counted anew', async () => {
  finds(workers[0], hash(1));
  pool.answers[0].resolve({ type: 'accepted' });
  await settled();
  assert.equal(work.state.shares.accepted, 1);
  const other = new FakePool();
  work.start({ source: other, workers: 2, quota: 1, graphics: 'off' });
  await settled();
  assert.equal(pool.isOpen, false);
  assert.equal(other.isOpen, true);
  assert.equal(work.state.shares.accepted, 0);
  assert.equal(workers.length, 2, 'the workers stay');
  work.stop();
  assert.equal(other.isOpen, false);
});
