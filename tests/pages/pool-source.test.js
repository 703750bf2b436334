/** Shares for a pool (www/lib/pool-source.ts), around a worker that only notes. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { workers } from './fake-worker.js';
import { load } from './support.js';

const { PoolSource } = await load('/lib/pool-source.ts');

const tells = (worker, event) => worker.says({ type: 'event', event });

const PLACE = { url: 'ws://site/pool/a:3333', address: 'a:3333', user: 'ADDRESS.tab' };
const READY = { type: 'link', link: { type: 'ready', extranonce2Size: 4 } };
const JOB = { type: 'job', job: '1', clean: true, difficulty: 1, blockDifficulty: 9 };
const HEADER = `00000020${'01'.repeat(31)}ff${'0'.repeat(88)}`;
const WORK = { id: 9, job: '1', header: HEADER, target: 'f'.repeat(64), versionMask: 0 };

let source, told, worker;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  workers.length = 0;
  told = [];
  source = new PoolSource(PLACE);
  source.open((change) => told.push(change));
  [worker] = workers;
});
afterEach(() => {
  source.close();
  mock.timers.reset();
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('waits for the pool and for a job, and hands out work for each extra nonce', async () => {
  const [{ type, url, options }] = worker.said;
  assert.equal(type, 'start');
  assert.deepEqual({ url, address: options.address, user: options.user }, PLACE);
  assert.equal(options.versionMask, 0x1fffe000);
  assert.equal(source.waiting, 'pool');
  tells(worker, READY);
  assert.equal(source.waiting, 'pool', 'no job yet');
  tells(worker, JOB);
  assert.equal(source.waiting, undefined);
  assert.deepEqual(told, ['state', 'work']);
  const prepared = [source.prepare(5), source.prepare(6)];
  const refused = assert.rejects(prepared[1], /no job/);
  const asked = worker.said.slice(1);
  assert.deepEqual(
    asked.map(({ type, extraNonce }) => [type, extraNonce]),
    [
      ['prepare', 5],
      ['prepare', 6],
    ],
  );
  worker.says({ type: 'work', id: asked[1].id, work: undefined });
  worker.says({ type: 'work', id: asked[0].id, work: WORK });
  const work = await prepared[0];
  assert.equal(work.previous, `ff${'01'.repeat(31)}`, 'as people write it');
  assert.equal(work.height, undefined);
  await refused;
});

test('an answer goes to its own share', async () => {
  tells(worker, READY);
  tells(worker, JOB);
  const outcomes = ['a', 'b', 'c'].map((header) => source.submit(WORK, header));
  const shares = worker.said.slice(1).map(({ share }) => share);
  assert.deepEqual(
    shares.map(({ work, header }) => [work, header]),
    [
      [9, 'a'],
      [9, 'b'],
      [9, 'c'],
    ],
  );
  tells(worker, { type: 'stale', share: shares[2].share, reason: 'its job is over' });
  tells(worker, { type: 'rejected', share: shares[0].share, reason: 'low difficulty' });
  tells(worker, { type: 'accepted', share: shares[1].share, difficulty: 1 });
  // Words of the pool that answer nothing do nothing.
  tells(worker, { type: 'accepted', share: 4711, difficulty: 1 });
  assert.deepEqual(await Promise.all(outcomes), [
    { type: 'rejected', reason: 'low difficulty' },
    { type: 'accepted' },
    { type: 'stale', reason: 'its job is over' },
  ]);
});

test('a problem stands until a share is taken, or another connection brings work', async () => {
  tells(worker, READY);
  tells(worker, JOB);
  tells(worker, { type: 'problem', text: 'the coinbase does not pay' });
  tells(worker, JOB);
  assert.equal(source.problem, 'The coinbase does not pay.');
  const outcome = source.submit(WORK, 'a');
  tells(worker, { type: 'accepted', share: worker.said.at(-1).share.share, difficulty: 1 });
  await outcome;
  assert.equal(source.problem, undefined);
  tells(worker, { type: 'problem', text: 'it closed the connection' });
  tells(worker, { type: 'link', link: { type: 'waiting', retryMs: 1000 } });
  assert.equal(source.waiting, 'pool');
  tells(worker, READY);
  assert.match(source.problem, /closed/);
  tells(worker, JOB);
  assert.equal(source.problem, undefined);
  tells(worker, { type: 'message', text: 'we move tomorrow' });
  assert.match(source.message, /we move tomorrow/);
});

test('a worker that breaks is started again, and given up when it always breaks', async () => {
  tells(worker, READY);
  tells(worker, JOB);
  const pending = [source.submit(WORK, 'a'), source.prepare(1).catch(({ message }) => message)];
  worker.says({ type: 'trapped', reason: 'unreachable' });
  assert.ok(worker.ended);
  assert.deepEqual(await Promise.all(pending), [
    { type: 'stale', reason: 'unreachable' },
    'unreachable',
  ]);
  assert.equal(source.waiting, 'pool');
  assert.match(source.problem, /broke and is started again: unreachable/);
  // What the old one still says is no news.
  tells(worker, READY);
  tells(worker, JOB);
  assert.equal(source.waiting, 'pool');
  for (let n = 0; n < 5; n++) {
    mock.timers.tick(60_000);
    await settled();
    assert.equal(workers.length, n + 2);
    workers.at(-1).says({ type: 'trapped', reason: 'unreachable' });
  }
  mock.timers.tick(120_000);
  assert.equal(workers.length, 6);
  assert.match(source.problem, /given up/);
});

test('a source that was closed can be opened again', () => {
  source.close();
  assert.ok(worker.ended);
  source.open((change) => told.push(change));
  assert.equal(workers.length, 2);
  assert.equal(workers[1].said[0].type, 'start');
});
