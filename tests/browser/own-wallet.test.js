/** The wallet's own life: made, confirmed, locked, opened, wiped, made anew; and what it refuses. */
import assert from 'node:assert/strict';
import { newNetwork } from './support/own-node.js';
import { SUBSIDY, go, ownStories, pay, receive, seeSpendable } from './support/shop.js';

const PASSPHRASE = 'correct horse battery';

/** Types the words that are asked for; `spoil` changes each. */
async function repeat(tab, words, spoil = (word) => word) {
  await tab.see('confirm-word');
  for (const field of await tab.page.$$('[data-testid="confirm-word"]')) {
    const position = Number(await field.evaluate((e) => e.dataset.position));
    await field.evaluate((e) => e.select());
    await field.type(spoil(words[position - 1]));
  }
  await tab.click('confirm-phrase');
}

/** As if so many addresses had been given out. */
const skipTo = (tab, index) =>
  tab.page.evaluate(
    (next) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('farthing-keys');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const indexes = request.result.transaction('indexes', 'readwrite').objectStore('indexes');
          const keys = indexes.getAllKeys();
          keys.onsuccess = () => {
            const key = keys.result.find(([, account]) => account === 0);
            indexes.put(next, key).onsuccess = resolve;
          };
          indexes.transaction.oncomplete = () => request.result.close();
        };
      }),
    index,
  );

ownStories('the wallet', (story) => {
  story(
    'is paid where coins are worth something once its phrase is written down',
    async (world) => {
      const node = await world.node({ network: newNetwork('farthing') });
      const me = await world.person(node);
      const tab = await me.tab('wallet.html#create');
      await tab.type('field-passphrase', 'short');
      await tab.type('field-passphrase-again', 'short');
      await tab.click('make-wallet');
      await tab.see('error', { data: { field: 'passphrase' } });
      await tab.type('field-passphrase', PASSPHRASE);
      await tab.type('field-passphrase-again', PASSPHRASE);
      await tab.click('field-words-24');
      await tab.click('make-wallet');
      await tab.see('phrase', { deadline: 60_000 });
      assert.equal(await tab.look('phrase-later'), null, 'it cannot be put off here');
      const words = (await tab.lookAll('phrase-word')).map(({ text }) => text.trim());
      assert.equal(words.length, 24);

      // Whoever leaves now is asked again before the first receive.
      await tab.page.reload({ waitUntil: 'load' });
      await tab.click('receive');
      await tab.see('phrase-unconfirmed');
      assert.equal(await tab.look('address'), null);
      await go(tab, 'keys');
      await tab.type('field-passphrase', PASSPHRASE);
      await tab.click('show-phrase');
      await tab.see('phrase', { deadline: 60_000 });
      await tab.click('repeat-phrase');
      await tab.click('phrase-written');
      await repeat(tab, words, (word) => `${word}x`);
      await tab.see('confirm-problem', { text: /another/ });
      await repeat(tab, words);
      await tab.see('balance');
      await tab.seeNo('phrase-unconfirmed');
      const address = await receive(tab);
      assert.match(address, /^fth1/);
    },
  );

  story('locks, opens for its passphrase alone, and changes it', async (world) => {
    const node = await world.node();
    const me = await world.person(node);
    const { tab } = await me.wallet();
    await tab.see('lock-state', { data: { state: 'open' } });
    await tab.click('lock');
    await tab.see('lock-state', { data: { state: 'locked' } });
    await go(tab, 'keys');
    await tab.click('open-unlock');
    await tab.type('unlock-passphrase', 'not the passphrase');
    await tab.click('unlock');
    await tab.see('unlock-problem', { text: /not the passphrase/, deadline: 60_000 });
    await tab.click('unlock-cancel');
    await tab.see('lock-state', { data: { state: 'locked' } });

    await tab.click('change-passphrase');
    await tab.type('field-old-passphrase', 'practice');
    await tab.type('field-new-passphrase', PASSPHRASE);
    await tab.type('field-new-passphrase-again', PASSPHRASE);
    await tab.click('save-passphrase');
    await tab.see('said-so', { deadline: 60_000 });
    await tab.page.reload({ waitUntil: 'load' });
    await tab.click('open-unlock');
    await tab.type('unlock-passphrase', 'practice');
    await tab.click('unlock');
    await tab.see('unlock-problem', { text: /not the passphrase/, deadline: 60_000 });
    await tab.type('unlock-passphrase', PASSPHRASE);
    await tab.click('unlock');
    await tab.see('lock-state', { data: { state: 'open' }, deadline: 60_000 });
  });

  story('is wiped, and its phrase brings the coins back', async (world) => {
    const node = await world.node();
    const me = await world.person(node);
    const { tab, words } = await me.wallet();
    await node.mine(2, await receive(tab));
    await seeSpendable(tab, 2n * SUBSIDY);
    await go(tab, 'keys');
    await tab.click('wipe-fold');
    await tab.click('wipe');
    await tab.click('dismiss');
    await tab.see('wipe');
    await tab.click('wipe');
    await tab.click('confirm');
    await tab.see('create');
    await tab.page.reload({ waitUntil: 'load' });
    await tab.click('restore');
    await tab.type('field-phrase', words.slice(1).join(' '));
    await tab.click('restore-wallet');
    await tab.see('error', { text: /11/ });
    // Words of the list, whose checksum is another one.
    await tab.type('field-phrase', Array(12).fill('abandon').join(' '));
    await tab.click('restore-wallet');
    await tab.see('error', { data: { field: 'phrase' } });
    await tab.type('field-phrase', words.join('  '));
    await tab.click('restore-wallet');
    await seeSpendable(tab, 2n * SUBSIDY, { deadline: 60_000 });
    assert.equal((await tab.lookAll('entry')).length, 2);
  });

  story('finds coins past the keys that it opens with', async (world) => {
    const node = await world.node();
    const me = await world.person(node);
    const { tab, words } = await me.wallet();
    const first = await receive(tab);
    await skipTo(tab, 450);
    await go(tab, 'receive');
    await tab.click('fresh-address');
    await tab.until('another address is shown', async () => {
      const shown = await tab.look('address');
      return shown && shown.data.address !== first;
    });
    await node.mine(1, await receive(tab));
    await seeSpendable(tab, SUBSIDY);
    await skipTo(tab, 901);
    await node.mine(1, await receive(tab));
    await seeSpendable(tab, 2n * SUBSIDY);

    const elsewhere = await world.person(node);
    const other = await elsewhere.restored(words);
    await seeSpendable(other, 2n * SUBSIDY, { deadline: 60_000 });
  });

  story('shows what it signs, and pays nobody that it cannot', async (world) => {
    const node = await world.node();
    const me = await world.person(node);
    const somebody = await world.person(node);
    const { tab } = await me.wallet();
    const { tab: other } = await somebody.wallet();
    const to = await receive(other);
    await node.mine(1, await receive(tab));
    await seeSpendable(tab, SUBSIDY);
    await go(tab, 'send');
    for (const [text, problem] of [
      ['bitcoin:bc1qexample', /other coins/],
      ['bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu', /fth/],
      [`farthing:${to}?network=practice:elsewhere`, /elsewhere/],
      [`farthing:${to}?req-secret=1`, /demands/],
    ]) {
      await tab.type('field-to', text);
      await tab.click('review-payment');
      await tab.see('error', { text: problem });
    }
    await tab.type('field-to', to);
    await tab.type('field-send-amount', '6');
    await tab.click('review-payment');
    await tab.see('error');
    await tab.type('field-send-amount', '1.5');
    await tab.click('review-payment');
    await tab.see('review-to', { data: { address: to } });
    await tab.see('review-amount', { data: { units: 150_000_000 } });
    const fee = BigInt((await tab.see('review-fee')).data.units);
    await tab.see('review-change', { data: { units: SUBSIDY - 150_000_000n - fee } });
    await tab.click('change-payment');
    await tab.tick('field-all', true);
    await tab.click('review-payment');
    await tab.see('review-change', { data: { units: 0 } });
    await tab.click('sign');
    const { data: sent } = await tab.see('sent', { deadline: 60_000 });
    await other.front();
    await other.see('entry', { data: { txid: sent.txid, kind: 'received' } });
    await node.mine(1, to);
    // All of it less the fee, which the block that holds it gives to the same address.
    await seeSpendable(other, 2n * SUBSIDY);
  });

  story('is one wallet in two tabs: the second reads, and may pay', async (world) => {
    const node = await world.node();
    const me = await world.person(node);
    const { tab: first } = await me.wallet();
    await node.mine(3, await receive(first));
    await seeSpendable(first, 3n * SUBSIDY);
    const second = await me.tab('wallet.html');
    await seeSpendable(second, 3n * SUBSIDY);
    const one = await receive(first);
    const two = await receive(second);
    assert.notEqual(one, two, 'no address is given to two');

    const { txid } = await pay(second, one, { units: 100_000_000n });
    await node.seeHealth('the payment waits', ({ mempool }) => mempool === 1);
    await first.front();
    await first.see('entry', { data: { txid, state: 'unconfirmed' } });
    await node.mine(1, two);
    await first.see('network-line', { data: { state: 'connected' } });
    await first.until('both tabs tell the same', async () => {
      const [a, b] = await Promise.all([first.look('balance'), second.look('balance')]);
      return a?.data.units === b?.data.units;
    });
    await pay(first, two, { units: 100_000_000n });
  });
});
