/** Two tabs of one till: the one that writes is killed, or frozen, and the other takes over. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from '../browser/support/browser.js';
import { OwnNode } from '../browser/support/own-node.js';
import { go } from '../browser/support/shop.js';
import { decimal } from '../browser/support/till.js';
import { Counter } from './support/counter.js';
import { clientOf, killTab } from './support/rig.js';

describe('the tab that writes', () => {
  let node;
  let browser;
  let counter;
  before(async () => {
    [node, browser] = await Promise.all([new OwnNode({ network: 'practice' }).start(), launch()]);
  });
  after(async () => {
    await browser?.close();
    await node?.stop();
  });

  /** A till in a fresh profile, and two tabs of it: the first one writes. */
  async function twoTabs() {
    counter = new Counter(node, await browser.createBrowserContext());
    await counter.setUp();
    const writer = await counter.tab();
    await counter.ask(writer);
    const reader = await counter.tab();
    await counter.seeAll(reader);
    return { writer, reader };
  }

  /** What is stored of invoices, as it lies there: the number and the turn that wrote last. */
  const stored = (tab) =>
    tab.page.evaluate(async () => {
      const open = indexedDB.open('farthing-practice');
      const result = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await result(open);
      const transaction = database.transaction(['records', 'writer']);
      const [keys, values, turn] = await Promise.all([
        result(transaction.objectStore('records').getAllKeys()),
        result(transaction.objectStore('records').getAll()),
        result(transaction.objectStore('writer').get('turn')),
      ]);
      database.close();
      const text = (bytes) => new TextDecoder().decode(bytes.subarray(5));
      return { turn, records: keys.map((key, at) => [key, text(values[at])]) };
    });

  test('is killed: the other one takes over', { timeout: 600_000 }, async () => {
    const { writer, reader } = await twoTabs();
    await killTab(writer.page);
    await node.mine(1, counter.first.address);
    await reader.front();
    await counter.ask(reader);
    await counter.seeAll(reader);
    // It was written, not only shown.
    await reader.page.close();
    const next = await counter.tab();
    await counter.seeAll(next);
    await next.page.close();
    await counter.seeChain();
    await counter.context.close();
  });

  test(
    'is frozen: another takes over, and it follows when it wakes',
    { timeout: 600_000 },
    async () => {
      const { writer, reader } = await twoTabs();
      const session = await writer.page.createCDPSession();
      await reader.front();
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
      await node.mine(1, counter.first.address);
      const taken = await counter.ask(reader);
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await writer.front();
      await writer.see('network-line', { data: { state: 'connected' }, deadline: 60_000 });
      await counter.seeAll(writer);
      await go(writer, `invoice=${taken.id}`);
      await writer.see('address', { data: { address: taken.address } });
      await counter.context.close();
    },
  );

  test(
    'is frozen in the middle of a command: it cannot write over its successor',
    { timeout: 600_000 },
    async () => {
      const { writer, reader } = await twoTabs();
      // The worker stops at the first thing that it is asked, before it has done any of it.
      const { client: frozen } = await clientOf(writer.page);
      const paused = new Promise((resolve) => frozen.once('Debugger.paused', resolve));
      await frozen.send('Debugger.enable');
      await frozen.send('Debugger.pause');
      await go(writer, '');
      await writer.type('field-amount', decimal(777n));
      await writer.type('field-label', 'of the frozen tab');
      await writer.click('show-code');
      await paused;

      // Its number is the next one, which the other tab takes now.
      const before = await stored(reader);
      const taken = await counter.ask(reader);
      const then = await stored(reader);
      assert.equal(then.turn, before.turn + 1, 'the turn went on');

      await frozen.send('Debugger.resume');
      await frozen.send('Debugger.disable');
      await writer.front();
      // It learns that it lost its turn, and starts again from what the other one wrote.
      await writer.see('network-line', { data: { state: 'connected' }, deadline: 60_000 });
      await go(writer, `invoice=${taken.id}`);
      await writer.see('address', { data: { address: taken.address }, deadline: 60_000 });
      const now = await stored(reader);
      assert.ok(
        now.records.some(([, text]) => text.includes(taken.address)),
        'the invoice that was shown is stored',
      );
      assert.ok(
        !now.records.some(([, text]) => text.includes('of the frozen tab')),
        'the frozen tab wrote nothing',
      );
      await reader.front();
      await counter.seeAll(reader);
      await counter.ask(reader);
      await reader.page.close();
      await writer.page.close();
      const next = await counter.tab();
      await counter.seeAll(next);
      await counter.context.close();
    },
  );
});
