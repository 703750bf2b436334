/** Rates, slices and shares of time: plain arithmetic (www/lib/rate.ts, www/workers/work/pace.ts). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const { Rate, Course } = await load('/lib/rate.ts');
const { blockTarget, difficulty, expectedHashes, meets } = await load('/lib/difficulty.ts');
const { Pace } = await load('/workers/work/pace.ts');

test('a rate settles on what is told in a few seconds, and ends with silence', () => {
  const rate = new Rate();
  assert.equal(rate.now(0), 0);
  rate.add(250_000, 250, 250);
  assert.equal(rate.now(250), 1_000_000);
  for (let at = 500; at <= 20_000; at += 250) rate.add(500_000, 250, at);
  assert.ok(Math.abs(rate.now(20_000) - 2_000_000) < 20_000);
  assert.ok(rate.now(22_000) > 0);
  assert.equal(rate.now(23_001), 0);
  // What it was before a silence says nothing of what it is after it.
  rate.add(25_000, 250, 30_000);
  assert.equal(rate.now(30_000), 100_000);
  rate.add(1, 0, 24_000);
  assert.ok(Number.isFinite(rate.now(24_000)));
});

test('the course of a day is kept in some hundred samples', () => {
  const course = new Course();
  for (let at = 0; at < 86_400; at++) course.add(at, [at, 1]);
  assert.ok(course.samples.length <= 600, `${course.samples.length}`);
  assert.ok(course.samples.length > 200, `${course.samples.length}`);
  assert.equal(course.samples[0].at, 0);
  assert.deepEqual(course.samples.at(-1).each.length, 2);
  assert.ok(course.samples.every(({ at, rate }) => rate === at + 1));
  assert.ok(course.samples.every((s, i, all) => i === 0 || s.at > all[i - 1].at));
});

test('hashes that a block takes, from its target', () => {
  assert.equal(expectedHashes('f'.repeat(64)), 1);
  assert.equal(expectedHashes(`7${'f'.repeat(63)}`), 2);
  assert.equal(Math.round(expectedHashes(`000003ff${'f'.repeat(56)}`)), 2 ** 22);
});

/** Bitcoin's first block. */
const GENESIS =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c';
const GENESIS_HASH = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f';

test('a header names its own target, and a hash has a difficulty', () => {
  const target = `00000000ffff${'0'.repeat(52)}`;
  assert.equal(blockTarget(GENESIS), target);
  assert.ok(meets(GENESIS_HASH, target) && !meets(`f${GENESIS_HASH.slice(1)}`, target));
  assert.ok(meets(target, target), 'a hash may be the target itself');
  assert.equal(difficulty(target), 1);
  assert.equal(Math.round(difficulty(GENESIS_HASH)), 2536);
  const withBits = (bits) => GENESIS.slice(0, 144) + bits + GENESIS.slice(152);
  // Regtest's; one of fewer bytes than its mantissa; one that is negative; one that is too large.
  assert.equal(blockTarget(withBits('ffff7f20')), `7fffff${'0'.repeat(58)}`);
  assert.equal(blockTarget(withBits('00800102')), '180'.padStart(64, '0'));
  for (const bits of ['ffff801d', 'ffff7fff'])
    assert.equal(blockTarget(withBits(bits)), '0'.repeat(64), bits);
});

test('slices come to last 75 ms on a fast machine and on a slow one', () => {
  for (const perSecond of [20_000, 1_500_000, 50_000_000]) {
    const pace = new Pace();
    for (let n = 0; n < 20; n++) pace.did(pace.slice, (1000 * pace.slice) / perSecond, true);
    const took = (1000 * pace.slice) / perSecond;
    assert.ok(took >= 50 && took <= 100, `${perSecond}: ${took} ms`);
    // A hit after a moment says nothing of the next slice.
    const before = pace.slice;
    pace.did(10, 0, false);
    assert.equal(pace.slice, before);
  }
});

test('work takes its share of the time, and no share is zero', () => {
  const pace = new Pace();
  assert.equal(pace.rest(0, 75), 0);
  for (const share of [0.1, 0.25, 0.5, 0.75]) {
    pace.share = share;
    assert.ok(Math.abs(75 / (75 + pace.rest(0, 75)) - share) < 1e-9);
  }
  for (const share of [0, -1, Number.NaN]) {
    pace.share = share;
    assert.ok(Number.isFinite(pace.rest(0, 75)), `${share}`);
  }
});

test('a rest is owed also when other work comes, and is told as rest', () => {
  const pace = new Pace();
  pace.share = 0.25;
  let now = 0;
  let busy = 0;
  let time = 0;
  // Work that is over after a slice, and new work a moment later: sometimes before the rest is over.
  for (let n = 0; n < 100; n++) {
    const idle = 7 * (n % 60);
    now += pace.begin(now);
    now += 75;
    pace.did(100, 75, true);
    const told = pace.tell(now, true);
    busy += told.busy;
    time += told.time;
    pace.rest(now, 75);
    now += idle;
  }
  assert.ok(busy / now <= 0.26, 'of all the time, also that without work');
  assert.ok(Math.abs(busy / time - 0.25) < 0.01, `${busy / time}`);
});

test('hits come no faster than a page can bear, whatever a pool asks for', () => {
  const pace = new Pace();
  assert.equal(pace.rest(0, 75, 1), 0, 'a share after a whole slice costs nothing');
  // A slice that ends at once, since every hash is a share.
  for (const hits of [1, 64]) assert.ok(hits / (0.001 + pace.rest(0, 1, hits) / 1000) < 51);
});

test('the page is told four times a second, and of the end at once', () => {
  const pace = new Pace();
  pace.begin(0);
  pace.did(100, 75, true);
  assert.equal(pace.tell(75, false), undefined);
  pace.did(100, 75, true);
  assert.deepEqual(pace.tell(260, false), { hashes: 200, busy: 150, time: 260 });
  pace.did(7, 1, false);
  assert.deepEqual(pace.tell(270, true), { hashes: 7, busy: 1, time: 10 });
  assert.equal(pace.tell(280, true), undefined, 'nothing was done since');
});
