/** The graphics processor's worker beside the others (www/lib/work.ts), around workers that only note. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { workers } from './fake-worker.js';
import { load } from './support.js';

const { Work } = await load('/lib/work.ts');

/** Shares of nobody: what is submitted is accepted. */
class FakeSource {
  kind = 'pool';
  shares = true;
  prepared = 0;
  submitted = [];
  open() {}
  close() {}
  async prepare(extraNonce) {
    const header = `${extraNonce}`.padStart(144, '0').concat('ffff031e00000000');
    const target = `000003ff${'f'.repeat(56)}`;
    return { id: ++this.prepared, header, target, versionMask: 0, previous: 'tip' };
  }
  async submit(work, header) {
    this.submitted.push(header);
    return { type: 'accepted' };
  }
}

const searches = (worker) => worker.said.filter(({ type }) => type === 'search');
const settled = () => new Promise((resolve) => setImmediate(resolve));
const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
const browser = (navigator) =>
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
let work;
let source;
const how = (graphics) => ({ source, workers: 1, quota: 0.5, graphics });
async function begin(graphics) {
  work.start(how(graphics));
  for (const worker of workers) worker.says({ type: 'ready' });
  await settled();
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  browser({ gpu: {} });
  workers.length = 0;
  source = new FakeSource();
  work = new Work({ chain: undefined, watch: () => () => {} });
});
afterEach(() => {
  work.stop();
  mock.timers.reset();
  if (before) Object.defineProperty(globalThis, 'navigator', before);
  else delete globalThis.navigator;
});

test('it is asked for first, counts once it is there, and is given work of its own', async () => {
  await begin('auto');
  const [core, graphics] = workers;
  assert.deepEqual(graphics.said.slice(0, 2), [
    { type: 'graphics', software: false },
    { type: 'quota', share: 0.5 },
  ]);
  assert.equal(core.said[0].type, 'quota');
  assert.equal(work.state.workers.length, 1);
  assert.equal(searches(graphics).length, 0);

  graphics.says({ type: 'graphics', name: 'vendor model' });
  await settled();
  assert.deepEqual(
    work.state.workers.map(({ graphics, state }) => [graphics, state]),
    [
      [undefined, 'searching'],
      ['vendor model', 'searching'],
    ],
  );
  assert.equal(searches(graphics).length, 1);
  assert.notEqual(searches(graphics)[0].header, searches(core)[0].header);
  const hash = `000001${'0'.repeat(58)}`;
  graphics.says({ type: 'found', id: searches(graphics)[0].id, header: 'a share', hash });
  await settled();
  assert.deepEqual(source.submitted, ['a share']);
  assert.equal(work.state.workers[1].accepted, 1);
});

test('it rests, and takes its share, as the others do', async () => {
  await begin('auto');
  const graphics = workers[1];
  graphics.says({ type: 'graphics', name: '' });
  await settled();
  work.pause('battery');
  assert.equal(graphics.said.at(-1).type, 'rest');
  work.pause(undefined);
  await settled();
  assert.equal(graphics.said.at(-1).type, 'search');
  work.start({ ...how('auto'), quota: 0.25 });
  assert.deepEqual(graphics.said.at(-1), { type: 'quota', share: 0.25 });
  work.stop();
  assert.ok(graphics.ended);
});

async function ends(why) {
  await begin('auto');
  const [core, graphics] = workers;
  if (why === 'wrong') {
    graphics.says({ type: 'graphics', name: '' });
    await settled();
  }
  graphics.says({ type: 'unfit', why });
  assert.ok(graphics.ended);
  assert.equal(core.ended, false);
  assert.equal(work.state.unfit, why);
  assert.equal(work.state.workers.length, 1);
  assert.equal(/miscounted/.test(work.state.problem ?? ''), why === 'wrong');
  // Another quota is no reason to look again; to be told so is one.
  work.start({ ...how('auto'), quota: 0.25 });
  assert.equal(workers.length, 2);
  work.start(how('on'));
  assert.deepEqual(workers[2].said[0], { type: 'graphics', software: true });
  assert.equal(work.state.unfit, undefined);
}
test('where there is none its worker is ended, and the others go on', () => ends('absent'));
test('where it is a program its worker is ended, and the others go on', () => ends('software'));
test('where it is wrong its worker is ended, and the others go on', () => ends('wrong'));

test('one that is there before there is work is given some with the others', async () => {
  let give;
  source.prepare = () => new Promise((resolve) => (give = resolve));
  work.start(how('auto'));
  const graphics = workers[1];
  graphics.says({ type: 'ready' });
  graphics.says({ type: 'graphics', name: '' });
  source.prepare = FakeSource.prototype.prepare;
  const first = await source.prepare(1);
  give(first);
  await settled();
  assert.equal(searches(graphics).length, 1);
});

test('one that miscounts is not used after a stop either', async () => {
  await begin('auto');
  workers[1].says({ type: 'unfit', why: 'wrong' });
  work.stop();
  work.start(how('auto'));
  assert.equal(workers.length, 3, 'a core alone');
  assert.equal(work.state.unfit, 'wrong');
});

test('one that breaks is started again, and asked for first again', async () => {
  await begin('auto');
  const lost = workers[1];
  lost.says({ type: 'graphics', name: '' });
  await settled();
  lost.says({ type: 'trapped', reason: 'it was lost' });
  assert.ok(lost.ended);
  assert.match(work.state.problem, /it was lost/);
  mock.timers.tick(250);
  const again = workers[2];
  assert.deepEqual(
    again.said.map(({ type }) => type),
    ['graphics', 'quota', 'search'],
  );
});

test('where it may not be used, or a browser has none to give, no worker is started for it', async () => {
  await begin('off');
  assert.equal(workers.length, 1);
  assert.equal(work.state.unfit, undefined);
  browser({});
  await begin('auto');
  assert.equal(workers.length, 1);
  assert.equal(work.state.unfit, 'absent');
});
