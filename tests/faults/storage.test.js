/** The browser gives no more room, or takes away what was stored. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from '../browser/support/browser.js';
import { OwnNode } from '../browser/support/own-node.js';
import { Person, SUBSIDY, go, invoice, seeSpendable } from '../browser/support/shop.js';
import { decimal } from '../browser/support/till.js';
import { Counter } from './support/counter.js';

describe('the storage', () => {
  let node;
  let browser;
  before(async () => {
    [node, browser] = await Promise.all([new OwnNode({ network: 'practice' }).start(), launch()]);
  });
  after(async () => {
    await browser?.close();
    await node?.stop();
  });

  const origin = () => new URL(node.url).origin;

  test(
    'is full: it is said, nothing is lost, and it goes on with room',
    { timeout: 600_000 },
    async () => {
      const counter = new Counter(node, await browser.createBrowserContext());
      await counter.setUp();
      const tab = await counter.tab();
      await counter.ask(tab);
      const session = await tab.page.createCDPSession();
      await session.send('Storage.overrideQuotaForOrigin', { origin: origin(), quotaSize: 1 });

      // The chain goes on in memory.
      await node.mine(1, counter.first.address);
      await go(tab, `invoice=${counter.first.id}`);
      await tab.see('status', { data: { status: 'settled' }, deadline: 60_000 });
      // The browser looks at its sums now and then: what is shown until then is kept.
      const refused = await tab.until(
        'an invoice is refused for want of room',
        async () => (await counter.tryToAsk(tab)).refused,
        { deadline: 120_000 },
      );
      assert.match(refused, /could not be stored|storage failed/);

      // Another tab finds what was kept.
      const other = await counter.tab();
      await counter.seeAll(other);
      await other.page.close();

      await session.send('Storage.overrideQuotaForOrigin', { origin: origin() });
      await tab.front();
      await counter.ask(tab);
      await tab.page.reload({ waitUntil: 'load' });
      await counter.seeAll(tab);
      await counter.ask(tab);
      await tab.page.close();
      await counter.seeChain();
      await counter.context.close();
    },
  );

  const wiped = (running) => async () => {
    const person = new Person(await browser.createBrowserContext(), node);
    const { tab: wallet, words } = await person.wallet();
    const till = await person.till();
    const link = await invoice(till, 100_000_000n);
    const address = /fthp1[a-z0-9]+/.exec(link)[0];
    const before = (await node.health()).height;
    await node.mine(1, address);
    await wallet.front();
    await seeSpendable(wallet, SUBSIDY, { deadline: 60_000 });

    const wiper = await (await person.tab('health')).page.createCDPSession();
    const wipe = () =>
      wiper.send('Storage.clearDataForOrigin', { origin: origin(), storageTypes: 'all' });
    if (running) {
      await wipe();
      await till.front();
      // It cannot keep a new invoice any more: it says so, or starts again from what is there.
      await go(till, '');
      await till.type('field-amount', decimal(777n));
      await till.click('show-code');
      await till.until(
        'it says so, or starts anew',
        async () => {
          const seen = await Promise.all(
            ['error', 'notice', 'save-settings'].map((id) => till.look(id)),
          );
          return seen.some((element) => element?.visible && element.text.trim() !== '');
        },
        { deadline: 60_000 },
      );
      await wallet.page.close();
      await till.page.close();
    } else {
      await wallet.page.close();
      await till.page.close();
      await wipe();
    }

    const anew = await person.tab('wallet.html');
    await anew.see('create', { deadline: 60_000 });
    const again = await person.restored(words);
    await again.until(
      'the coins are there',
      async () => {
        const { data } = await again.look('balance');
        return BigInt(data.units) >= SUBSIDY;
      },
      { deadline: 60_000 },
    );
    assert.ok((await node.health()).height > before);
    await person.context.close();
  };
  const patient = { timeout: 600_000 };
  test(
    'is wiped while it runs: it starts anew, the phrase brings the coins back',
    patient,
    wiped(true),
  );
  test('is wiped between: it starts anew, the phrase brings the coins back', patient, wiped(false));
});
