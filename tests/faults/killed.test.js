/** The tab and its workers are killed at every write of theirs; the browser is killed at any moment. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { launch } from '../browser/support/browser.js';
import { OwnNode } from '../browser/support/own-node.js';
import { Counter } from './support/counter.js';
import { RiggedTab } from './support/rig.js';

/** Blocks cost two hashes on it. */
const NETWORK = 'practice';
/** One of so many writes; all of them unless told otherwise. */
const STEP = Number(process.env.FARTHING_FAULT_BROWSER_STEP ?? 1);
const BROWSER_KILLS = Number(process.env.FARTHING_BROWSER_KILLS ?? 10);

const tell = (what, faults, since) =>
  console.log(
    `faults: ${what}: ${faults}, all recovered (${((performance.now() - since) / 1000).toFixed(1)} s)`,
  );

describe('killed', () => {
  let node;
  before(async () => (node = await new OwnNode({ network: NETWORK }).start()));
  after(async () => node?.stop());

  /** What a tab does until it is killed: is paid by a block, asks for two amounts. */
  async function work(counter, tab) {
    await tab.see('network-line', { data: { state: 'connected' }, deadline: 60_000 });
    await node.mine(1, counter.first.address);
    await counter.ask(tab);
    await counter.ask(tab);
  }

  /** Kills the tab at each write of its client's worker, or of the page itself. */
  const atEveryWrite = (place) => async () => {
    const since = performance.now();
    const browser = await launch();
    try {
      const counter = new Counter(node, await browser.createBrowserContext());
      await counter.setUp();
      const whole = await RiggedTab.open(counter.context, counter.url);
      await work(counter, whole);
      const writes = (await whole.writes())[place];
      await whole.page.close();
      assert.ok(writes >= 2, `${writes} writes`);

      let faults = 0;
      for (let at = 1; at <= writes; at += STEP) {
        const tab = await RiggedTab.open(counter.context, counter.url, { [place]: at });
        const outcome = work(counter, tab).then(
          () => 'done',
          (error) => error,
        );
        const reached = await Promise.race([tab.reached, outcome]);
        // Fewer writes than the first time: some were joined.
        if (reached !== true) {
          if (reached !== 'done') throw reached;
          await tab.page.close();
          continue;
        }
        await tab.kill();
        faults += 1;
        const next = await counter.tab();
        await counter.seeAll(next);
        await next.page.close();
        console.log(`  killed at write ${at} of ${writes} of the ${place}`);
      }
      assert.ok(faults > 0);
      const last = await counter.tab();
      await counter.ask(last);
      await counter.seeAll(last);
      await last.page.close();
      await counter.seeChain();
      tell(`tab killed at a write of the ${place}`, faults, since);
    } finally {
      await browser.close();
    }
  };
  const patient = { timeout: 3_600_000 };
  test('at every write of the worker', patient, atEveryWrite('worker'));
  test('at every write of the page', patient, atEveryWrite('page'));

  test('with its whole browser, at any moment', patient, async () => {
    const since = performance.now();
    const profile = await mkdtemp(join(tmpdir(), 'farthing-profile-'));
    const start = () => launch([`--user-data-dir=${profile}`]);
    let browser = await start();
    try {
      const counter = new Counter(node, browser);
      await counter.setUp();
      for (let kill = 0; kill < BROWSER_KILLS; kill += 1) {
        counter.context = browser;
        const tab = await counter.tab();
        const working = work(counter, tab).catch((error) => error);
        const found = await Promise.race([working, sleep(200 + ((kill * 617) % 3000))]);
        if (found instanceof Error) throw found;
        const gone = new Promise((resolve) => browser.process().once('exit', resolve));
        browser.process().kill('SIGKILL');
        await gone;
        browser = await start();
        counter.context = browser;
        const next = await counter.tab();
        await counter.seeAll(next);
        await next.page.close();
        console.log(`  kill ${kill + 1} of ${BROWSER_KILLS} of the browser`);
      }
      await counter.seeChain();
      tell('kill -9 of the browser', BROWSER_KILLS, since);
    } finally {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    }
  });
});
