/** The keys of this browser: made, opened, locked in every tab, and in a worker that reaches nobody. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { HOST, freePort } from '../nodes/index.js';
import { Tab, launch } from './support/browser.js';
import { Farthing } from './support/farthing.js';

const PASSPHRASE = 'two for a penny';

describe('the keys of this browser', () => {
  let browser;
  let farthing;
  let tabs = [];

  before(async () => {
    farthing = new Farthing();
    [browser] = await Promise.all([launch(), farthing.start()]);
  });
  after(async () => {
    await browser?.close();
    await farthing?.stop();
  });

  /** The body gets `open(hash)`: tabs of one profile, in which no other test stored anything. */
  const story = (name, body) =>
    test(name, { timeout: 120_000 }, async () => {
      const profile = await browser.createBrowserContext();
      tabs = [];
      try {
        await body(async (hash = '') => {
          const tab = await Tab.open(profile, `${farthing.url}wallet.html${hash}`);
          tabs.push(tab);
          return tab;
        });
        assert.deepEqual(
          tabs.flatMap((tab) => tab.faults()),
          [],
        );
      } finally {
        await profile.close();
      }
    });

  /** Makes a wallet as a person does, and gives its words. */
  async function make(tab, passphrase = PASSPHRASE) {
    await tab.click('create');
    await tab.type('field-passphrase', passphrase);
    await tab.click('make-wallet');
    await tab.see('phrase', { deadline: 30_000 });
    const words = (await tab.lookAll('phrase-word')).map(({ text }) => text);
    await tab.click('phrase-later');
    await tab.see('balance');
    return words;
  }

  async function unlock(tab, passphrase) {
    await tab.click('open-unlock');
    await tab.type('unlock-passphrase', passphrase);
    await tab.click('unlock');
  }

  /** The keys worker of a tab; the lock ends it. */
  const worker = (tab) => tab.page.workers().find((each) => each.url().includes('keys-worker'));
  const seeState = (tab, state) => tab.see('lock-state', { data: { state }, deadline: 30_000 });
  const seeNoWorker = (tab) => tab.until('the keys worker is gone', async () => !worker(tab));

  story(
    'are made from randomness, confirmed, and open with their passphrase alone',
    async (open) => {
      const tab = await open();
      const words = await make(tab);
      assert.equal(words.length, 12);
      assert.ok(words.every((word) => /^[a-z]{3,8}$/.test(word)));

      await tab.page.goto(`${farthing.url}wallet.html#keys`);
      await tab.page.reload();
      await seeState(tab, 'locked');
      await unlock(tab, 'three for a penny');
      await tab.see('unlock-problem', { text: /not the passphrase/, deadline: 30_000 });
      await seeNoWorker(tab);
      await tab.type('unlock-passphrase', PASSPHRASE);
      await tab.page.keyboard.press('Enter');
      await seeState(tab, 'open');
      assert.ok(worker(tab), 'the open keys are in a worker');

      await tab.click('lock');
      await seeState(tab, 'locked');
      await seeNoWorker(tab);
      // The question goes away without an answer.
      await tab.click('open-unlock');
      await tab.see('unlock-passphrase');
      await tab.page.keyboard.press('Escape');
      await tab.seeNo('unlock-passphrase');
      await seeState(tab, 'locked');
    },
  );

  story('are locked in all tabs by one of them', async (open) => {
    const one = await open();
    await make(one);
    await one.page.goto(`${farthing.url}wallet.html#keys`);
    const other = await open('#keys');
    await seeState(other, 'locked');
    for (const tab of [one, other]) {
      if ((await tab.look('lock-state')).data.state === 'locked') await unlock(tab, PASSPHRASE);
      await seeState(tab, 'open');
    }
    await one.click('lock');
    for (const tab of [one, other]) {
      await seeNoWorker(tab);
      await tab.front();
      await seeState(tab, 'locked');
    }

    // Leaving a page that is open is a lock as well.
    for (const tab of [one, other]) {
      await unlock(tab, PASSPHRASE);
      await seeState(tab, 'open');
    }
    await one.page.goto('about:blank');
    await seeNoWorker(other);
    await other.front();
    await seeState(other, 'locked');
  });

  story('are locked after five idle minutes, and not before', async (open) => {
    const tab = await open();
    await make(tab);
    await tab.page.goto(`${farthing.url}wallet.html#keys`);
    if ((await tab.look('lock-state'))?.data.state !== 'open') await unlock(tab, PASSPHRASE);
    await seeState(tab, 'open');
    /** As after a sleep: the clock went on, nobody touched anything, the page is looked at again. */
    const sleep = (ms) =>
      tab.page.evaluate((passed) => {
        const { now } = Date;
        Date.now = () => now() + passed;
        document.dispatchEvent(new Event('visibilitychange'));
      }, ms);
    await sleep(4 * 60_000);
    await seeState(tab, 'open');
    assert.ok(worker(tab));
    await sleep(60_000);
    await seeNoWorker(tab);
    await seeState(tab, 'locked');
  });

  story('are in a worker that reaches nobody', async (open) => {
    const asked = [];
    const foreign = createServer((request, response) => {
      asked.push(request.url);
      response.setHeader('access-control-allow-origin', '*');
      response.end('heard');
    });
    const port = await freePort();
    await new Promise((resolve) => foreign.listen(port, HOST, resolve));
    try {
      const tab = await open();
      await make(tab);
      const keys = await tab.until('there is a keys worker', async () => worker(tab));
      const policy = (await fetch(keys.url())).headers.get('content-security-policy');
      assert.match(policy, /connect-src 'none'/);

      const attempts = (foreignUrl, ownUrl) => {
        // In a task of the worker itself: what a debugger runs is under no policy.
        const begin = () => new Promise((resolve) => setTimeout(resolve));
        const outcome = (attempt) =>
          Promise.race([
            begin().then(attempt),
            new Promise((_, reject) => setTimeout(() => reject(new Error('silence')), 3_000)),
          ]).then(
            (value) => `answered: ${value}`,
            (error) => `refused: ${error.name}`,
          );
        const socket = (url) =>
          new Promise((resolve, reject) => {
            const it = new WebSocket(url);
            it.onopen = () => resolve('open');
            it.onerror = () => reject(new Error('error'));
          });
        const load = (url) =>
          new Promise((resolve, reject) => {
            const it = new XMLHttpRequest();
            it.onload = () => resolve(it.status);
            it.onerror = () => reject(new Error('error'));
            it.open('GET', url);
            it.send();
          });
        return Promise.all([
          outcome(() => fetch(foreignUrl).then((answer) => answer.text())),
          outcome(() => fetch(ownUrl).then((answer) => answer.status)),
          outcome(() => load(foreignUrl)),
          outcome(() => socket(foreignUrl.replace('http', 'ws'))),
          outcome(() => socket(new URL('/p2p', ownUrl).href.replace('http', 'ws'))),
          outcome(() => import(foreignUrl).then(() => 'loaded')),
          outcome(() => new Function('return 1')()),
        ]);
      };
      const outcomes = await keys.evaluate(attempts, `http://${HOST}:${port}/x.js`, farthing.url);
      for (const outcome of outcomes) assert.match(outcome, /^refused/);
      assert.deepEqual(asked, [], 'nothing left for the foreign server');
      // The same server hears a page, which may connect: it is the policy that keeps the worker quiet.
      const heard = await fetch(`http://${HOST}:${port}/control`).then((answer) => answer.text());
      assert.equal(heard, 'heard');
      tab.console.length = 0;
    } finally {
      foreign.closeAllConnections();
      foreign.close();
    }
  });

  story('are forgotten on request and come back from the phrase', async (open) => {
    const tab = await open();
    const words = await make(tab);
    await tab.click('receive');
    const before = await tab.see('address');

    await tab.click('back');
    await tab.click('keys');
    await tab.click('wipe-fold');
    await tab.click('wipe');
    await tab.click('confirm');
    await tab.see('restore');
    await seeNoWorker(tab);
    // Not in this page alone: nothing is stored any more.
    await tab.page.goto(`${farthing.url}wallet.html`);
    await tab.page.reload();
    await tab.see('restore');

    await tab.click('restore');
    await tab.type('field-phrase', words.join(' ').toUpperCase());
    await tab.type('field-passphrase', 'another passphrase');
    await tab.click('restore-wallet');
    await tab.see('balance', { deadline: 30_000 });
    await tab.click('receive');
    const again = await tab.see('address');
    assert.equal(again.data.address, before.data.address);
  });
});
