/** The lessons' logic: links, files, the player, and where blocks stand in a tree. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const { readLink, writeLink } = await load('/lesson/link.ts');
const { csvOf } = await load('/lesson/csv.ts');
const { Player } = await load('/lesson/player.ts');
const { layBlocks } = await load('/lesson/block-layout.ts');

const control = (key, least, most, step, initial) => ({ key, least, most, step, initial });
const CHAPTERS = [
  {
    number: 10,
    end: 6_000_000,
    whole: false,
    controls: [control('n', 2, 32, 1, 6), control('delay', 0, 120, 0.1, 60)],
  },
  { number: 11, end: 1000, whole: true, controls: [control('q', 1, 60, 1, 30)] },
];
const read = (hash) => readLink(hash, CHAPTERS);

test('a link names the whole of a run', () => {
  const { link, problems } = read(
    '#chapter=10&seed=42&n=25&delay=12.6&t=8000.25&lang=en&present=1',
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(link, {
    ...{ chapter: 10, seed: 42, values: { n: 25, delay: 12.6 } },
    ...{ position: 8000.25, present: true },
  });
  assert.deepEqual(read('').link, {
    ...{ chapter: 10, seed: 1, values: { n: 6, delay: 60 }, position: 0, present: false },
  });
});

test('what is written is read again', () => {
  for (const hash of [
    '#chapter=10&seed=42&n=25&delay=12.6&t=8000.25&present=1',
    '#chapter=11&seed=0&q=45&t=999',
    '#chapter=11&seed=4294967295',
  ]) {
    const { link, problems } = read(hash);
    assert.deepEqual(problems, []);
    assert.equal(
      writeLink(
        link,
        CHAPTERS.find(({ number }) => number === link.chapter),
      ),
      hash,
    );
  }
});

test('each value that is not taken is named, and the rest holds', () => {
  const far = '<img src=x onerror=1>'.repeat(20);
  const { link, problems } = read(
    `#chapter=11&q=61&seed=-1&t=1.5&lang=fr&present=2&zoom=3&${encodeURIComponent(far)}=1`,
  );
  assert.deepEqual(link, { chapter: 11, seed: 1, values: { q: 30 }, position: 0, present: false });
  assert.deepEqual(
    problems.map(({ type, key }) => key?.slice(0, 8) ?? type),
    ['seed', 'q', 't', 'present', 'language', 'zoom', '<img src'],
  );
  assert.ok(
    problems.every(({ key = '' }) => key.length <= 25),
    'nor is it said at length',
  );
  for (const bad of ['n=2.5', 'n=1', 'n=33', 'n=', 'n=0x10', 'n=1e1', 'delay=0.05', 'delay=NaN'])
    assert.equal(read(`#chapter=10&${bad}`).problems[0]?.type, 'range', bad);
  assert.deepEqual(read('#chapter=3&n=5').problems, [{ type: 'chapter', found: '3' }]);
});

test('a file has a row for each run, and numbers as they are', () => {
  const chapter = {
    number: 11,
    controls: [control('q', 1, 60, 1, 30)],
    figures: (view) => [
      { id: 'rate', value: view.rate },
      { id: 'printed', value: undefined },
    ],
  };
  const run = (seed, rate, predicted) => ({
    ...{ seed, predicted, values: { q: 30 } },
    view: { position: 10, trace: 'a"b', rate },
  });
  assert.equal(
    csvOf(chapter, [run(1, 0.1564496, 5), run(2, 0.5, undefined)]),
    '"chapter","seed","q","position","predicted","rate","printed","trace"\r\n' +
      '11,1,30,10,5,0.1564496,,"a""b"\r\n11,2,30,10,,0.5,,"a""b"\r\n',
  );
  assert.equal(csvOf(chapter, []), '');
});

/** A lab that counts: it moves by at most `slice` with each request. */
function stand({ end = 100, slice = 1000 } = {}) {
  const world = { now: 0, requests: [], closed: 0, changes: 0, broken: undefined };
  let position = 0;
  let goal = 0;
  const lab = {
    async request(command) {
      world.requests.push(command);
      if (world.broken) throw new Error(world.broken);
      const asked = command.goal;
      if (command.type === 'open') [position, goal] = [0, 0];
      else if (asked?.type === 'to') goal = Math.min(asked.position, end);
      else if (asked?.type === 'next') goal = position + 1;
      else if (asked?.type === 'back') goal = Math.max(0, position - 1);
      else if (asked?.type === 'here') goal = position;
      if (goal < position) position = 0;
      position = Math.min(goal, position + slice);
      return { position, end, arrived: position === goal, trace: '', scene: {} };
    },
    close: () => (world.closed += 1),
  };
  const player = new Player(
    { type: 'race' },
    {
      open: () => lab,
      now: () => world.now,
      // Each frame takes the clock on; a test pauses by what it counts.
      async wait(ms) {
        world.now += Math.max(1, ms);
        await world.onWait?.();
      },
      changed: () => (world.changes += 1),
    },
  );
  return { player, world };
}

test('nothing is asked of the lab before somebody asks', () => {
  const { player, world } = stand();
  assert.equal(player.phase, 'ready');
  player.pause();
  player.stop();
  assert.deepEqual(world.requests, []);
});

test('it plays at its rate, in whole positions, and pauses within a frame', async () => {
  const { player, world } = stand();
  world.onWait = () => world.now >= 2000 && player.pause();
  await player.play({ rate: 4, whole: true });
  assert.equal(player.phase, 'paused');
  assert.ok(player.view.position >= 7 && player.view.position <= 8, `${player.view.position}`);
  const goals = world.requests.flatMap(({ goal }) => (goal?.type === 'to' ? goal.position : []));
  assert.ok(goals.every(Number.isInteger));
  assert.deepEqual(goals, [...new Set(goals)], 'none is asked for twice');
});

test('a clock that stood still is not caught up with', async () => {
  const { player, world } = stand();
  let frames = 0;
  world.onWait = () => {
    frames += 1;
    if (frames === 2) world.now += 3_600_000;
    if (frames === 4) player.pause();
  };
  await player.play({ rate: 10, whole: false });
  assert.ok(player.view.position < 10, `${player.view.position}`);
});

test('as fast as it goes it goes to the end, slice by slice', async () => {
  const { player } = stand({ slice: 7 });
  await player.play({ rate: Infinity, whole: true });
  assert.equal(player.phase, 'ended');
  assert.equal(player.view.position, 100);
});

test('it steps both ways, and goes where it is told in slices', async () => {
  const { player } = stand({ slice: 10 });
  await player.go({ type: 'to', position: 42 });
  assert.equal(player.view.position, 42);
  assert.equal(player.phase, 'paused');
  await player.go({ type: 'next' });
  assert.equal(player.view.position, 43);
  await player.go({ type: 'back' });
  await player.go({ type: 'back' });
  assert.equal(player.view.position, 41);
});

test('whoever waits for a goal hears whether something else came between', async () => {
  const { player } = stand({ slice: 1 });
  const far = player.go({ type: 'to', position: 50 });
  player.pause();
  assert.equal(await far, false);
  assert.equal(await player.go({ type: 'next' }), true);
});

test('a step ends what was being played', async () => {
  const { player, world } = stand({ end: 1e9 });
  let stepped;
  world.onWait = () => {
    if (!stepped) stepped = player.go({ type: 'next' });
  };
  await player.play({ rate: 10, whole: true });
  await stepped;
  assert.equal(player.phase, 'paused');
});

test('stop ends the worker and goes back to the beginning', async () => {
  const { player, world } = stand();
  await player.go({ type: 'to', position: 5 });
  player.stop();
  assert.equal(world.closed, 1);
  assert.equal(player.phase, 'ready');
  assert.equal(player.view, undefined);
});

test('another setup at the same moment is gone to anew', async () => {
  const { player, world } = stand();
  await player.go({ type: 'to', position: 5 });
  await player.change({ type: 'race', other: true });
  assert.equal(player.view.position, 5);
  assert.deepEqual(world.requests.filter(({ type }) => type === 'open').length, 2);
});

test('a lab that broke is said, and begun again by the next click', async () => {
  const { player, world } = stand();
  await player.go({ type: 'to', position: 5 });
  world.broken = 'unreachable';
  await player.go({ type: 'next' });
  assert.equal(player.phase, 'broken');
  assert.equal(player.problem, 'unreachable');
  world.broken = undefined;
  await player.go({ type: 'next' });
  assert.equal(player.phase, 'paused');
  assert.equal(player.view.position, 1);
});

const block = (id, parent, height, best) => ({
  id,
  parent,
  height,
  best,
  by: 0,
  at: 0,
  holders: 1,
});

test('the best chain is the first row, each branch has its own, old heights are left out', () => {
  const blocks = [
    ...[
      block(0, null, 1, true),
      block(1, 0, 2, true),
      block(2, 0, 2, false),
      block(3, 0, 2, false),
    ],
    ...[block(4, 1, 3, true), block(5, 2, 3, false), block(6, 4, 4, true)],
  ];
  const all = layBlocks(blocks, 10);
  const rows = Object.fromEntries(all.places.map(({ block, row }) => [block.id, row]));
  assert.deepEqual(rows, { 0: 0, 1: 0, 2: 1, 3: 2, 4: 0, 5: 1, 6: 0 });
  assert.equal(all.rows, 3);
  const taken = all.places.map(({ column, row }) => `${column}/${row}`);
  assert.equal(new Set(taken).size, taken.length, 'no two in one place');
  const newest = layBlocks(blocks, 2);
  assert.deepEqual(
    newest.places.map(({ block, column }) => [block.id, column]),
    [
      [4, 0],
      [5, 0],
      [6, 1],
    ],
  );
  assert.deepEqual(layBlocks([], 5), { places: [], rows: 1 });
});
