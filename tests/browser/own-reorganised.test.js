/** A block with a payment is abandoned for a branch with more work, and the payment comes back. */
import assert from 'node:assert/strict';
import { SUBSIDY, invoice, ownStories, pay, receive, seeSpendable } from './support/shop.js';
import { status } from './support/till.js';

ownStories('a payment in a block that is abandoned', (story) => {
  story('is not confirmed any more, and is again', async (world) => {
    const here = await world.node();
    const merchant = await world.person(here);
    const customer = await world.person(here);
    const { tab: wallet } = await customer.wallet();
    const address = await receive(wallet);
    await here.mine(2, address);
    await seeSpendable(wallet, 2n * SUBSIDY);
    const there = await world.node({ network: here.network, peers: [here] });
    const { tip } = await here.health();
    await there.seeHealth('the same chain', (health) => health.tip === tip);
    await there.part();

    const till = await merchant.till();
    const link = await invoice(till, 100_000_000n);
    const { txid } = await pay(wallet, link);
    await till.front();
    await status(till, 'seen');
    await here.mine(1, address);
    await status(till, 'settled', { tone: 'risk' });
    const { tip: abandoned } = await here.health();

    // Elsewhere two blocks were found meanwhile, without the payment.
    const { height } = await there.mine(2, address);
    await there.join([here]);
    await here.seeHealth('the branch with more work', (health) => health.height === height);
    await till.see('alarm', { data: { reason: 'reorganisedOut' } });
    await till.until('the payment is in no block', async () => {
      const payment = await till.look('payment');
      return ['reorged', 'seen'].includes(payment?.data.state);
    });
    const found = await till.look('status');
    assert.notEqual(found.data.status, 'settled');

    const chain = await merchant.tab('chain.html');
    await chain.see('tip-hash', { data: { hash: (await there.health()).tip } });
    assert.notEqual(abandoned, (await here.health()).tip);

    await till.front();
    await till.click('acknowledge');
    await here.seeHealth('the payment waits again', ({ mempool }) => mempool === 1);
    await here.mine(1, address);
    await till.see('payment', { data: { txid, state: 'mined' } });
    await status(till, 'settled', { tone: 'risk' });
  });
});
