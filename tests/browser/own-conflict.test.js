/**
 * One coin, spent twice: a customer with one phrase in two browsers, each of whose nodes knows nothing
 * of the other. The till listens to both.
 */
import assert from 'node:assert/strict';
import { SUBSIDY, invoice, ownStories, pay, receive, seeSpendable } from './support/shop.js';
import { status } from './support/till.js';

ownStories('a coin that is spent twice', (story) => {
  story('is red, and the one that no block holds is dead', async (world) => {
    const first = await world.node();
    const honest = await world.person(first);
    const { tab: wallet, words } = await honest.wallet();
    await first.mine(1, await receive(wallet));
    await seeSpendable(wallet, SUBSIDY);

    // The second node takes the chain over, and then stands alone.
    const second = await world.node({ network: first.network, peers: [first] });
    const { tip } = await first.health();
    await second.seeHealth('the same chain', (health) => health.tip === tip);
    await second.part();
    await first.offer([second]);
    const thief = await world.person(second);
    const again = await thief.restored(words);
    await seeSpendable(again, SUBSIDY);

    const merchant = await world.person(first);
    const till = await merchant.till();
    await till.until('the till listens to both', async () =>
      /2 operators/.test((await till.look('network-line')).text),
    );
    const link = await invoice(till, 100_000_000n);
    const payment = await pay(wallet, link);
    await till.front();
    await status(till, 'seen');

    const elsewhere = await receive(again);
    const theft = await pay(again, elsewhere, { units: 400_000_000n });
    assert.notEqual(theft.txid, payment.txid);
    await till.front();
    await till.see('alarm', { data: { reason: 'conflictSeen' } });
    await till.see('status', { data: { tone: 'bad' } });
    await till.see('verdict', { data: { answer: 'conflict' } });
    await till.see('credit', { data: { units: 0 } });
    const { text } = await till.see('sentence');
    assert.match(text, /do not hand over/i);

    await second.mine(1, elsewhere);
    await till.see('alarm', { data: { reason: 'doubleSpent' } });
    await till.see('payment', { data: { txid: payment.txid, state: 'dead', counts: 'false' } });
  });
});
