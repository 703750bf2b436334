/** A customer raises the fee of a payment that waits: the till sees one take the other's place. */
import assert from 'node:assert/strict';
import { SUBSIDY, invoice, ownStories, pay, raise, receive, seeSpendable } from './support/shop.js';
import { status } from './support/till.js';

ownStories('a payment whose fee is raised', (story) => {
  story('takes the place of the one before, and settles', async (world) => {
    const node = await world.node();
    const merchant = await world.person(node);
    const customer = await world.person(node);
    const { tab: wallet } = await customer.wallet();
    await node.mine(2, await receive(wallet));
    await seeSpendable(wallet, 2n * SUBSIDY);
    const till = await merchant.till();
    const link = await invoice(till, 100_000_000n);
    const first = await pay(wallet, link);
    await till.front();
    await status(till, 'seen');

    const second = await raise(wallet, first.txid);
    assert.ok(second.fee > first.fee, `${second.fee} is more than ${first.fee}`);
    await till.front();
    await till.see('flag-bumped');
    await till.until('the second payment counts in the place of the first', async () => {
      const payments = await till.lookAll('payment');
      const of = (txid) => payments.find(({ data }) => data.txid === txid)?.data;
      return of(second.txid)?.counts === 'true' && of(first.txid)?.state === 'replaced';
    });
    assert.equal(await till.look('alarm'), null, 'it still pays: nobody is alarmed');
    await node.mine(1, await receive(wallet));
    await status(till, 'settled', { tone: 'risk' });
    await wallet.front();
    await wallet.until('the wallet tells both', async () => {
      const entries = await wallet.lookAll('entry');
      const of = (txid) => entries.find(({ data }) => data.txid === txid)?.data;
      return of(second.txid)?.state === 'mined' && of(first.txid)?.state !== 'unconfirmed';
    });
  });
});
