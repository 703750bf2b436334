/** A byte of each stored record, and of the headers, is flipped: it is set aside and said, the rest works. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Tab, launch } from '../browser/support/browser.js';
import { OwnNode } from '../browser/support/own-node.js';
import { Counter } from './support/counter.js';
import { damageHeaders, flipRecord, quietPage, recordKeys } from './support/stored.js';

describe('damaged', () => {
  let node;
  let browser;
  before(async () => {
    [node, browser] = await Promise.all([new OwnNode({ network: 'practice' }).start(), launch()]);
  });
  after(async () => {
    await browser?.close();
    await node?.stop();
  });

  /** A till with paid and unpaid invoices, all tabs of which are closed. */
  async function used() {
    const counter = new Counter(node, await browser.createBrowserContext());
    await counter.setUp();
    const tab = await counter.tab();
    await counter.ask(tab);
    await node.mine(2, counter.first.address);
    await tab.page.goto(`${counter.url}#invoice=${counter.first.id}`);
    await tab.see('status', { data: { status: 'settled' }, deadline: 60_000 });
    await counter.ask(tab);
    await tab.page.close();
    return counter;
  }

  /** What the client says of its storage. */
  const seeNotice = (tab, what, right) =>
    tab.until(what, async () => {
      const said = (await tab.lookAll('notice')).map(({ text }) => text);
      if (!said.some(right)) throw new Error(`it says ${JSON.stringify(said)}`);
      return true;
    });

  test('each record', { timeout: 1_200_000 }, async () => {
    const counter = await used();
    const quiet = await quietPage(counter.context, node);
    const keys = await recordKeys(quiet);
    assert.ok(keys.length >= 5, `${keys}`);
    let faults = 0;
    for (const key of keys) {
      await flipRecord(quiet, key, [0, 0.3, 0.7, 0.99][faults % 4]);
      const invoice = /^invoice\/0*(\d+)$/.exec(key)?.[1];
      if (invoice !== undefined) counter.shown.delete(Number(invoice));
      const tab = await counter.tab();
      await seeNotice(tab, `it says what became of ${key}`, (text) =>
        text.includes(`The stored record ${key} could not be read and was set aside`),
      );
      if (counter.shown.size > 0) await counter.seeAll(tab);
      await counter.ask(tab);
      await tab.page.close();
      const left = await recordKeys(quiet);
      assert.ok(left.includes(`corrupt/${key}`), `${key} is kept aside: ${left}`);
      faults += 1;
      console.log(`  flipped ${key}`);
    }
    await counter.seeChain();
    console.log(`faults: stored records flipped: ${faults}, all set aside, said and survived`);
    await counter.context.close();
  });

  test('the headers', { timeout: 600_000 }, async () => {
    const counter = await used();
    const quiet = await quietPage(counter.context, node);
    let faults = 0;
    for (const [part, options, isSaid] of [
      [0, {}, true],
      [0.5, {}, true],
      // Of the last header every other change is a header too: another branch, which loses.
      [0.999, {}, false],
      [0.7, { cut: true }, false],
      [0, { cut: true }, false],
    ]) {
      await node.mine(1, counter.first.address);
      const before = await damageHeaders(quiet, part, options);
      assert.ok(before > 1, `${before} headers are stored`);
      const tab = await Tab.open(counter.context, counter.url);
      if (isSaid)
        await seeNotice(tab, 'it says what became of the headers', (text) =>
          text.includes('The stored headers are good up to height'),
        );
      await tab.see('network-line', { data: { state: 'connected' }, deadline: 60_000 });
      await counter.seeAll(tab);
      await tab.page.close();
      await counter.seeChain();
      faults += 1;
    }
    console.log(`faults: stored headers damaged: ${faults}, all linked again`);
    await counter.context.close();
  });
});
