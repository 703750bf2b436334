/** Shares for a pool: this node's, over /stratum; and pools that lie, through the node's bridge. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { Ed25519Key } from '../nodes/ed25519.js';
import { HOST } from '../nodes/index.js';
import { freePort } from '../nodes/ports.js';
import { Liar } from './support/liar.js';
import { inspect } from './support/look.js';
import { ownStories } from './support/shop.js';

const LIMIT_MS = 60_000;
/** Whom a pool credits. */
const address = new Ed25519Key(Buffer.alloc(32, 7)).address('fthp');

/** The address of a choice of the page's list, by a part of it. */
const choice = (tab, part) =>
  tab.until(`a source with ${part} is offered`, () =>
    tab.page.$$eval(
      '[data-testid="field-source"] option',
      (options, text) => options.find(({ value }) => value.includes(text))?.value,
      part,
    ),
  );

async function choose(tab, part) {
  await tab.choose('field-source', await choice(tab, part));
}

ownStories('a pool', (story) => {
  story('of this node takes shares, pays the wallet, and may come and go', async (world) => {
    const site = await world.node();
    const visitor = await world.person(site);
    const { tab: wallet } = await visitor.wallet();
    const tab = await visitor.tab('work.html');
    await choose(tab, '/stratum');
    await inspect(tab, 'work-pool-first');
    await tab.choose('field-workers', '2');
    await tab.click('start-work');
    await tab.see('source', { data: { source: 'pool' }, deadline: LIMIT_MS });
    await tab.until(
      'shares are accepted',
      async () => Number((await tab.look('shares')).data.accepted) >= 3,
      { deadline: LIMIT_MS },
    );
    await tab.see('expected-share');
    const { data: found } = await tab.see('found-block', {
      data: { state: 'best' },
      deadline: LIMIT_MS,
    });
    await site.seeHealth('the node has the block', ({ height }) => height >= Number(found.height));
    await inspect(tab, 'work-pool');
    await wallet.until('the wallet is paid', async () => {
      const { data } = await wallet.look('balance');
      return BigInt(data.units) > 0n;
    });

    await tab.front();
    await site.kill();
    await tab.see('work-state', { data: { state: 'pool' } });
    await tab.see('work-problem');
    const before = Number((await tab.look('shares')).data.accepted);
    await site.start();
    await tab.until(
      'it goes on by itself',
      async () => Number((await tab.look('shares')).data.accepted) > before,
      { deadline: LIMIT_MS },
    );
    const { data } = await tab.look('shares');
    assert.equal(data.rejected, '0', (await tab.look('share-reasons'))?.text);
    await tab.click('stop-work');
  });

  story('is spoken with in a worker that reaches this site alone', async ({ node, person }) => {
    const asked = [];
    const foreign = createServer((request, response) => {
      asked.push(request.url);
      response.setHeader('access-control-allow-origin', '*');
      response.end('heard');
    });
    foreign.on('upgrade', (request, socket) => {
      asked.push(request.url);
      socket.destroy();
    });
    await new Promise((resolve) => foreign.listen(0, HOST, resolve));
    try {
      const site = await node();
      const visitor = await person(site);
      await visitor.wallet();
      const tab = await visitor.tab('work.html');
      await choose(tab, '/stratum');
      await tab.click('start-work');
      const pool = await tab.until('there is a pool worker', async () =>
        tab.page.workers().find((worker) => worker.url().includes('pool-worker')),
      );
      await tab.see('work-state', { data: { state: 'searching' }, deadline: LIMIT_MS });
      const told = await pool.evaluate((port) => {
        // In a task of the worker itself: what a debugger runs is under no policy.
        const begin = () => new Promise((resolve) => setTimeout(resolve));
        const outcome = (attempt) =>
          begin()
            .then(attempt)
            .then(
              () => 'answered',
              () => 'refused',
            );
        const socket = (url) =>
          new Promise((resolve, reject) => {
            const it = new WebSocket(url);
            it.onopen = resolve;
            it.onerror = reject;
          });
        return Promise.all([
          outcome(() => fetch(`http://127.0.0.1:${port}/fetch`)),
          outcome(() => socket(`ws://127.0.0.1:${port}/socket`)),
          outcome(() => fetch('/health')),
          outcome(() => socket(`ws://${location.host}/stratum`)),
        ]);
      }, foreign.address().port);
      assert.deepEqual(told, ['refused', 'refused', 'answered', 'answered']);
      assert.deepEqual(asked, [], 'nothing left for the foreign server');
      await tab.click('stop-work');
      // These violations are wanted.
      tab.console.length = 0;
    } finally {
      foreign.closeAllConnections();
      foreign.close();
    }
  });

  story('that lies is survived, and what is wrong is said', async ({ node, person }) => {
    const names = ['silence', 'easy', 'coinbase', 'jobs', 'line'];
    const liars = new Map();
    for (const name of names) liars.set(name, await new Liar(name).start());
    try {
      const args = [...liars.values()].flatMap(({ address }) => ['--pool', address]);
      const visitor = await person(await node({ args }));
      await visitor.wallet();
      const begin = async (name) => {
        const tab = await visitor.tab('work.html');
        await choose(tab, liars.get(name).address);
        await tab.type('field-user', 'nobody.tab');
        await tab.choose('field-workers', '1');
        await tab.click('start-work');
        return tab;
      };
      // It takes half a minute to be sure that nobody speaks.
      const silent = await begin('silence');
      await silent.see('work-state', { data: { state: 'pool' } });
      const said = {
        easy: /too easy/,
        coinbase: /can lead to no block/,
        jobs: /jobs without end/,
        line: /a line of at most/,
      };
      let tab;
      for (const [name, words] of Object.entries(said)) {
        tab = await begin(name);
        await tab.see('work-problem', { text: words, deadline: LIMIT_MS });
        if (name === 'line') break;
        await tab.click('stop-work');
      }
      await inspect(tab, 'work-pool-lies');
      await silent.see('work-problem', { text: /did not let us in/, deadline: LIMIT_MS });
      // The page is none the worse: without the pool it finds a block.
      await tab.choose('field-source', '');
      await tab.see('found-block', { data: { state: 'best' }, deadline: LIMIT_MS });
      await tab.see('source', { data: { source: 'template' } });
      await tab.click('stop-work');
    } finally {
      for (const liar of liars.values()) await liar.stop();
    }
  });

  story('can be had where a site offers pools alone, and no node', async ({ node, person }) => {
    const at = `${HOST}:${await freePort()}`;
    const pool = await node({ args: ['--stratum', at] });
    const visitor = await person(await node({ args: ['--pool', at] }));
    const tab = await visitor.tab();
    // A static host's file, say, beside a bridge.
    await tab.page.evaluateOnNewDocument(() => {
      const plain = globalThis.fetch;
      globalThis.fetch = async (...how) => {
        const response = await plain(...how);
        if (!String(how[0]).endsWith('/farthing.json')) return response;
        const { pools } = await response.json();
        const foreign = pools.filter(({ network }) => !network);
        return new Response(JSON.stringify({ nodes: [], pools: foreign }));
      };
    });
    await tab.page.goto(`${visitor.node.url}work.html`);
    await inspect(tab, 'work-pools-alone');
    const offered = await tab.page.$$eval('[data-testid="field-source"] option', (all) =>
      all.map(({ text }) => text.trim()),
    );
    assert.deepEqual(offered, [`${at}, through the bridge`], 'and no chain to search');
    assert.equal(await tab.look('no-own-node'), null);
    await tab.click('start-work');
    await tab.see('error', { text: /who the pool is to credit/ });
    await tab.type('field-user', `${address}.tab`);
    await tab.click('start-work');
    await tab.until(
      'shares are accepted',
      async () => Number((await tab.look('shares')).data.accepted) >= 3,
      { deadline: LIMIT_MS },
    );
    await tab.see('found-block', { data: { state: 'taken' }, deadline: LIMIT_MS });
    await pool.seeHealth('the pool has the block', ({ height }) => height >= 1);
    await tab.click('stop-work');
  });
});
