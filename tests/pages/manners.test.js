/** When a search steps back (www/lib/manners.ts), around a document and a battery that are set by hand. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './support.js';

const { Manners, tellsBattery } = await load('/lib/manners.ts');

let page, battery, told, manner;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** `power`: what the browser does when it is asked for the battery; none: it knows nothing of one. */
function browser(power) {
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  Object.defineProperty(globalThis, 'document', { value: page, configurable: true });
  const navigator = power ? { getBattery: power } : {};
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}
const show = (state) => {
  page.visibilityState = state;
  page.dispatchEvent(new Event('visibilitychange'));
};
const plug = (charging) => {
  battery.charging = charging;
  battery.dispatchEvent(new Event('chargingchange'));
};
const begin = () =>
  new Manners(
    () => manner,
    (pause) => told.push(pause),
  );

beforeEach(() => {
  told = [];
  battery = Object.assign(new EventTarget(), { charging: true });
  browser(async () => battery);
  manner = { pauseWhenHidden: true, pauseOnBattery: true };
});

test('a hidden page and a battery pause the search, as they are set', async () => {
  const manners = begin();
  await settled();
  assert.equal(manners.pause, undefined);
  show('hidden');
  assert.equal(manners.pause, 'hidden');
  show('visible');
  plug(false);
  assert.equal(manners.pause, 'battery');
  manner = { pauseWhenHidden: false, pauseOnBattery: false };
  manners.look();
  show('hidden');
  assert.deepEqual(told, [undefined, 'hidden', undefined, 'battery', undefined, undefined]);
  manners.close();
  told = [];
  manner = { pauseWhenHidden: true, pauseOnBattery: true };
  plug(true);
  show('hidden');
  assert.deepEqual(told, [], 'closed, it is silent');
});

test('a computer that is on its battery already is heard of', async () => {
  battery.charging = false;
  const manners = begin();
  assert.equal(manners.pause, undefined, 'not known yet');
  await settled();
  assert.equal(manners.pause, 'battery');
  assert.deepEqual(told, ['battery']);
  manners.close();
});

test('a browser that tells nothing of a battery never pauses for it', async () => {
  for (const power of [undefined, () => Promise.reject(new Error('forbidden'))]) {
    browser(power);
    assert.equal(tellsBattery(), power !== undefined);
    const manners = begin();
    await settled();
    assert.equal(manners.pause, undefined);
    manners.close();
  }
});
