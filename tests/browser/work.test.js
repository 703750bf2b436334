/** The Mine page: proof of work after a click, in front and hidden, at its quota, by several tabs. */
import assert from 'node:assert/strict';
import { inspect } from './support/look.js';
import { ownStories } from './support/shop.js';

const LIMIT_MS = 60_000;

/** The work workers of a tab: nothing but a click starts one. */
const searching = (tab) =>
  tab.page.workers().filter((worker) => /assets\/worker-/.test(worker.url())).length;

/** Counts, in the page, what its workers say that they found. */
const countFound = () => {
  const Plain = globalThis.Worker;
  globalThis.found = new Set();
  globalThis.Worker = class extends Plain {
    constructor(...how) {
      super(...how);
      this.addEventListener('message', ({ data }) => {
        if (data?.type === 'found') globalThis.found.add(data.hash);
      });
    }
  };
};

/** The counts of the page: accepted, rejected, stale, and not answered yet. */
async function shares(tab) {
  const { data } = await tab.see('shares');
  const [accepted, rejected, stale, waiting] = ['accepted', 'rejected', 'stale', 'waiting'].map(
    (name) => Number(data[name]),
  );
  return { accepted, rejected, stale, waiting };
}

ownStories('Mine', (story) => {
  story('finds blocks after a click, also hidden, and stops', async ({ node, person }) => {
    const site = await node();
    const visitor = await person(site);
    const { tab: wallet } = await visitor.wallet();
    const tab = await visitor.tab('work.html');
    await tab.see('work-state', { data: { state: 'stopped' } });
    const before = searching(tab);
    await inspect(tab, 'work-first');
    await tab.choose('field-workers', '2');
    await tab.click('start-work');
    await tab.see('source', { data: { source: 'template' }, deadline: 30_000 });
    await tab.see('found-block', { data: { state: 'best' }, deadline: LIMIT_MS });
    assert.equal((await tab.lookAll('worker')).length, 2);
    const { data: found } = await tab.look('found-block');
    await site.seeHealth('the node has the block', ({ height }) => height >= Number(found.height));

    // Somebody looks at another tab: the search goes on.
    await wallet.front();
    await tab.until('the tab is hidden', () => tab.page.evaluate(() => document.hidden));
    const hashes = async () => Number((await tab.look('hashes')).data.hashes);
    const then = await hashes();
    await tab.until('hidden, it goes on', async () => (await hashes()) > then + 100_000);
    await wallet.until('the wallet is paid', async () => {
      const { data } = await wallet.look('balance');
      return BigInt(data.units) > 0n;
    });

    // With the setting, it pauses.
    await tab.front();
    await tab.tick('field-pause', true);
    await wallet.front();
    await tab.see('work-state', { data: { state: 'paused', why: 'hidden' } });
    await tab.front();
    await tab.see('work-state', { data: { state: 'searching' } });

    // One worker breaks: it is started again, and the others do not notice.
    const [broken] = tab.page.workers().slice(-1);
    await broken.evaluate(() => {
      setTimeout(() => {
        throw new WebAssembly.RuntimeError('unreachable: a test broke the worker');
      });
    });
    await tab.until('every worker searches', async () => {
      const workers = await tab.lookAll('worker');
      return workers.length === 2 && workers.every(({ data }) => Number(data.rate) > 0);
    });
    await inspect(tab, 'work-mining');
    await tab.click('stop-work');
    await tab.see('work-state', { data: { state: 'stopped' } });
    await tab.until('the workers are gone', () => searching(tab) === before);
  });

  story('finds twenty blocks in two tabs with four workers, and loses none', async (world) => {
    // With trivial work blocks come as fast as they are taken: the tabs preempt each other all the time.
    const site = await world.node({ network: 'practice' });
    const visitor = await world.person(site);
    await visitor.wallet();
    const tabs = [];
    for (let count = 0; count < 2; count++) {
      const tab = await visitor.tab();
      await tab.page.evaluateOnNewDocument(countFound);
      await tab.page.goto(`${site.url}work.html`);
      await tab.choose('field-workers', '2');
      tabs.push(tab);
    }
    for (const tab of tabs) await tab.click('start-work');
    await site.seeHealth('twenty blocks', ({ height }) => height >= 20, { deadline: LIMIT_MS });
    for (const tab of tabs) await tab.click('stop-work');
    const { height } = await site.health();
    let accepted = 0;
    for (const tab of tabs) {
      const counts = await tab.until('everything that was found is answered', async () => {
        const found = await shares(tab);
        return found.waiting === 0 && found;
      });
      const found = await tab.page.evaluate(() => globalThis.found.size);
      const answered = counts.accepted + counts.rejected + counts.stale;
      assert.equal(answered, found, 'what the workers found was handed over, and answered');
      const why = (await tab.look('share-reasons'))?.text;
      assert.equal(counts.rejected, 0, `${JSON.stringify(counts)}: ${JSON.stringify(why)}`);
      assert.ok(counts.accepted > 0, 'each tab has its part');
      accepted += counts.accepted;
    }
    assert.ok(accepted >= height, `${accepted} were accepted, and the chain has ${height}`);
  });

  story('takes its share of the time, and pauses on a battery', async ({ node, person }) => {
    const site = await node();
    const visitor = await person(site);
    await visitor.wallet();
    const tab = await visitor.tab();
    await tab.page.evaluateOnNewDocument(() => {
      const battery = Object.assign(new EventTarget(), { charging: true });
      navigator.getBattery = async () => battery;
      globalThis.plug = (charging) => {
        battery.charging = charging;
        battery.dispatchEvent(new Event('chargingchange'));
      };
    });
    await tab.page.goto(`${site.url}work.html`);
    await tab.choose('field-workers', '2');
    await tab.choose('field-quota', '25');
    await tab.click('start-work');
    await tab.see('work-state', { data: { state: 'searching' }, deadline: 30_000 });
    /** Each worker's own sums of slices and of slices with rests. */
    const duties = async () =>
      (await tab.lookAll('worker')).map(({ data }) => [Number(data.busy), Number(data.time)]);
    const settled = await tab.until('both have begun', async () => {
      const found = await duties();
      return found.length === 2 && found.every(([, time]) => time > 1_000) && found;
    });
    const later = await tab.until(
      'ten seconds more',
      async () => {
        const found = await duties();
        return found.every(([, time], index) => time - settled[index][1] >= 10_000) && found;
      },
      { deadline: LIMIT_MS },
    );
    for (const [index, [busy, time]] of later.entries()) {
      const share = (busy - settled[index][0]) / (time - settled[index][1]);
      assert.ok(Math.abs(share / 0.25 - 1) < 0.1, `worker ${index + 1} took ${share} of its time`);
    }

    await tab.page.evaluate(() => globalThis.plug(false));
    await tab.see('work-state', { data: { state: 'searching' } });
    await tab.tick('field-battery', true);
    await tab.see('work-state', { data: { state: 'paused', why: 'battery' } });
    await tab.page.evaluate(() => globalThis.plug(true));
    await tab.see('work-state', { data: { state: 'searching' } });
    await tab.click('stop-work');
  });

  story('is told when a browser says nothing of a battery', async ({ node, person }) => {
    const visitor = await person(await node());
    const tab = await visitor.tab();
    await tab.page.evaluateOnNewDocument(() => {
      delete Navigator.prototype.getBattery;
    });
    await tab.page.goto(`${visitor.node.url}work.html`);
    await tab.see('no-battery');
    assert.equal(await tab.look('field-battery'), null);
  });

  story('works for a page of anybody’s, through the module alone', async ({ node, person }) => {
    const site = await node();
    const visitor = await person(site);
    const { tab: wallet } = await visitor.wallet();
    const { data } = await (async () => {
      await wallet.page.goto(`${site.url}wallet.html#receive`);
      return wallet.see('address');
    })();
    // A document of this site without a script or an element of ours.
    const tab = await visitor.tab('farthing.json');
    const types = await (await fetch(`${site.url}embed/work.d.ts`)).text();
    assert.match(types, /export declare class ProofOfWork \{/);
    const told = await tab.page.evaluate(async (address) => {
      const { ProofOfWork } = await import('/embed/work.js');
      const work = await ProofOfWork.open();
      const before = work.state.running;
      const refusals = [];
      for (const wrong of [{ address: 'nobody' }, { address, quota: 2 }, { address, workers: 0 }])
        await work.start(wrong).catch((error) => refusals.push(error.message));
      const found = new Promise((resolve) => {
        work.on('block', (block) => {
          if (block.state === 'best') resolve(block);
        });
      });
      await work.start({ address, workers: 2, quota: 0.75 });
      work.quota = 1;
      const block = await found;
      const { quota, workers } = work;
      const shares = work.state.shares.accepted;
      const elsewhere = work.start({ address, pool: '/pool/nobody.example:3333' });
      await elsewhere.catch((error) => refusals.push(error.message));
      const atPool = new Promise((resolve) => {
        work.on('shares', ({ accepted }) => {
          if (work.state.source === 'pool' && accepted > 0) resolve(accepted);
        });
      });
      await work.start({ address, pool: '/stratum', workers: 2 });
      await atPool;
      work.stop();
      const after = work.state.running;
      work.close();
      const { height } = block;
      return { before, refusals, height, quota, workers, shares, after };
    }, data.address);
    assert.equal(told.before, false, 'nothing is searched before start');
    assert.equal(told.refusals.length, 4, told.refusals.join('; '));
    assert.deepEqual([told.quota, told.workers, told.after], [1, 2, false]);
    assert.ok(told.shares >= 1);
    await site.seeHealth('the node has the block', ({ height }) => height >= told.height);
    await tab.until('the workers are gone', () => searching(tab) === 0);
  });
});
