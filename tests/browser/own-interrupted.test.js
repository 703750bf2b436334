/** In mid-payment the node is killed, the tab is loaded again, the wallet's browser is lost. */
import assert from 'node:assert/strict';
import { SUBSIDY, go, invoice, ownStories, pay, receive, seeSpendable } from './support/shop.js';
import { status } from './support/till.js';

const away = /^(connecting|offline|silent|stale)$/;

ownStories('in the middle of a payment', (story) => {
  story('the node is killed, and started again', async (world) => {
    const node = await world.node();
    const merchant = await world.person(node);
    const customer = await world.person(node);
    const { tab: wallet } = await customer.wallet();
    const address = await receive(wallet);
    await node.mine(2, address);
    await seeSpendable(wallet, 2n * SUBSIDY);
    const till = await merchant.till();
    const link = await invoice(till, 100_000_000n);
    const { txid } = await pay(wallet, link);
    await till.front();
    await status(till, 'seen');

    const before = await node.health();
    await node.kill();
    await till.until('the page says that no node answers', async () =>
      away.test((await till.look('network-line')).data.state),
    );
    await status(till, 'seen');
    await till.see('verdict', { data: { answer: 'cannotTell' } });

    await node.start();
    assert.equal((await node.health()).tip, before.tip, 'the chain is as it was');
    await till.see('network-line', { data: { state: 'connected' }, deadline: 60_000 });
    // What was in no block is forgotten with the node's memory: the wallet tells it again.
    await wallet.front();
    await node.seeHealth('the wallet sent it again', ({ mempool }) => mempool === 1, {
      deadline: 60_000,
    });
    await node.mine(1, address);
    await till.front();
    await status(till, 'settled', { tone: 'risk' });
    await till.see('payment', { data: { txid, state: 'mined' } });
    await till.see('fact-notWatched');
  });

  story('both tabs are loaded again', async (world) => {
    const node = await world.node();
    const me = await world.person(node);
    const { tab: wallet } = await me.wallet();
    const address = await receive(wallet);
    await node.mine(2, address);
    await seeSpendable(wallet, 2n * SUBSIDY);
    const till = await me.till();
    const link = await invoice(till, 100_000_000n, 'Table 7');
    const { txid } = await pay(wallet, link);
    await till.front();
    await status(till, 'seen');
    await till.page.reload({ waitUntil: 'load' });
    await status(till, 'seen');
    await wallet.front();
    await wallet.page.reload({ waitUntil: 'load' });
    await wallet.see('lock-state', { data: { state: 'locked' } });
    await wallet.until('the payment is in the history', async () => {
      const entries = await wallet.lookAll('entry');
      return entries.some(({ data }) => data.txid === txid && data.state === 'unconfirmed');
    });
    await node.mine(1, address);
    await till.front();
    await status(till, 'settled', { tone: 'risk' });
  });

  story('the wallet’s browser is lost, and its phrase makes it anew', async (world) => {
    const node = await world.node();
    const merchant = await world.person(node);
    const customer = await world.person(node);
    const { tab: wallet, words } = await customer.wallet();
    const address = await receive(wallet);
    await node.mine(3, address);
    await seeSpendable(wallet, 3n * SUBSIDY);
    const till = await merchant.till();
    const { txid } = await pay(wallet, await invoice(till, 100_000_000n));
    await till.front();
    await status(till, 'seen');
    await wallet.page.close();

    const elsewhere = await world.person(node);
    const anew = await elsewhere.restored(words);
    await anew.until('the coins that no payment spends are there', async () => {
      const { data } = await anew.look('balance');
      return BigInt(data.units) >= 2n * SUBSIDY;
    });
    await node.mine(1, await receive(anew));
    await till.front();
    await status(till, 'settled', { tone: 'risk' });
    await anew.front();
    await anew.until('the payment is in the history', async () => {
      const entries = await anew.lookAll('entry');
      return entries.some(({ data }) => data.txid === txid && data.state === 'mined');
    });
    // A fresh address is past every one that was paid.
    await go(anew, 'receive');
    const { data: fresh } = await anew.see('address');
    assert.notEqual(fresh.address, address);
    const { txid: second } = await pay(anew, address, { units: 50_000_000n });
    await node.seeHealth('a second payment waits', ({ mempool }) => mempool === 1);
    assert.notEqual(second, txid);
  });
});
