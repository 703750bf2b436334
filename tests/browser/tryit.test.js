/**
 * The front page from an empty directory: a coin is mined in a worker, paid with a key of this
 * browser, and checked by the till. The picture of Try it in docs is made anew with
 * FARTHING_SCREENSHOTS=1.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOST } from '../nodes/index.js';
import { inspect, show } from './support/look.js';
import { ownStories } from './support/shop.js';

const PICTURE = fileURLToPath(new URL('../../docs/tryit.png', import.meta.url));
const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
/** From the first click to settled. */
const LIMIT_MS = 60_000;
const PRICE = 120_000_000;

/** The work workers of a tab: nothing but a click starts one. */
const searching = (tab) =>
  tab.page.workers().filter((worker) => /assets\/worker-/.test(worker.url())).length;

ownStories('Try it', (story) => {
  story('mines, pays and settles within a minute of the first click', async ({ node, person }) => {
    const site = await node({ network: null });
    const visitor = await person(site);
    const tab = await visitor.tab();
    await tab.see('begin');
    await tab.until('the wallet’s store was read', () =>
      tab.page.$eval('[data-testid="begin"]', (button) => !button.disabled),
    );
    const before = searching(tab);
    assert.equal((await site.health()).height, 0, 'the chain is empty');
    await inspect(tab, 'tryit-first');

    const began = performance.now();
    const left = () => Math.max(1, LIMIT_MS - (performance.now() - began));
    await tab.click('begin');
    await tab.see('try', { data: { stage: 'ready' }, deadline: left() });
    const coin = performance.now() - began;
    assert.ok(searching(tab) > before, 'a worker searches');
    const { data: asked } = await tab.see('address');
    await tab.click('pay');
    await tab.see('review', { deadline: left() });
    const { data: to } = await tab.see('review-to');
    assert.equal(to.address, asked.address, 'what is signed pays what the till asks for');
    await tab.see('review-amount', { data: { units: PRICE } });
    await tab.click('sign');
    await tab.see('status', { data: { status: 'settled' }, deadline: left() });
    const settled = performance.now() - began;
    console.log(
      `Try it from an empty directory: a coin after ${(coin / 1000).toFixed(1)} s, ` +
        `settled ${(settled / 1000).toFixed(1)} s after the first click`,
    );
    await tab.see('go-on');
    await tab.see('verdict');
    const { data: sent } = await tab.see('sent');
    await tab.see('fact-depth');

    await tab.click('stop-work');
    await tab.see('resume-work');
    await tab.until('the workers are gone', () => searching(tab) === before);
    if (process.env.FARTHING_SCREENSHOTS === '1') {
      await show(tab, 'light');
      await tab.page.screenshot({ path: PICTURE });
    }
    await inspect(tab, 'tryit-done');

    // The payment is in the wallet, and the invoice in the till: they are the same everywhere.
    const wallet = await visitor.tab('wallet.html');
    await wallet.until('the wallet knows of the payment', async () =>
      (await wallet.lookAll('entry')).some(({ data }) => data.txid === sent.txid),
    );
    const till = await visitor.tab('till.html#settings');
    await till.see('save-settings');
  });

  story('opens the wallet again after a reload, for its passphrase alone', async (world) => {
    const visitor = await world.person(await world.node());
    const tab = await visitor.tab();
    await tab.type('field-passphrase', 'another one');
    await tab.click('begin');
    await tab.see('try', { data: { stage: 'ready' }, deadline: LIMIT_MS });
    await inspect(tab, 'tryit-ready');
    await tab.click('pay');
    await tab.see('review');
    await inspect(tab, 'tryit-review');
    await tab.click('put-away');
    await tab.see('pay');
    await tab.page.reload();
    await tab.see('begin', { text: /Unlock/ });
    await tab.click('begin');
    await tab.see('error', { text: /passphrase/i, deadline: 30_000 });
    await inspect(tab, 'tryit-wrong');
    await tab.type('field-passphrase', 'another one');
    await tab.click('begin');
    await tab.see('try', { data: { stage: 'ready' }, deadline: LIMIT_MS });
  });

  story('says what to do where no node is, and sends old links on to the till', async (world) => {
    const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
    const site = createServer(async (request, response) => {
      const { pathname } = new URL(request.url, 'http://site');
      const path = pathname === '/' ? '/index.html' : pathname;
      try {
        const bytes = await readFile(join(DIST, path));
        response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
        response.end(bytes);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise((resolve) => site.listen(0, HOST, resolve));
    try {
      const url = `http://${HOST}:${site.address().port}/`;
      const visitor = await world.person({ url });
      const tab = await visitor.tab();
      await tab.see('no-own-node');
      await inspect(tab, 'tryit-nowhere');
      const paper = await visitor.tab('index.html#network=regtest&amount=1.20&label=Table%207');
      await paper.until('the till has it', () =>
        paper.page.url().endsWith('/till.html#network=regtest&amount=1.20&label=Table%207'),
      );
      await paper.see('sentence');
    } finally {
      site.closeAllConnections();
      site.close();
    }
  });
});
