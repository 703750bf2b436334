/** A coin of one's own network: mined in one tab, paid in another, checked in a third. */
import assert from 'node:assert/strict';
import { SUBSIDY, invoice, ownStories, pay, receive, seeSpendable } from './support/shop.js';
import { status } from './support/till.js';

ownStories('on a network of one’s own, a payment', (story) => {
  story('is mined for, paid, seen, confirming and settled, each in a tab', async (world) => {
    const node = await world.node();
    const me = await world.person(node);
    const { tab: wallet } = await me.wallet();
    await wallet.see('network-line', { data: { state: 'connected' } });

    const work = await me.tab('work.html');
    await work.click('start-work');
    const { data: found } = await work.see('found-block', {
      data: { state: 'best' },
      deadline: 150_000,
    });
    await work.click('stop-work');
    assert.ok((await node.health()).height >= Number(found.height), 'the node has the block');
    await wallet.front();
    await wallet.see('entry', { data: { kind: 'mined', state: 'mined' } });
    await wallet.until('a coin can be spent', async () => {
      const { data } = await wallet.look('balance');
      return BigInt(data.units) >= SUBSIDY;
    });

    const till = await me.till({ confirmations: 2 });
    const link = await invoice(till, 120_000_000n, 'Table 7');
    assert.match(link, /^farthing:fthp1/);
    await till.see('key-path', { text: /m\/44'\/1'\/1'\/\d+'/ });
    await till.see('verdict', { data: { answer: 'nothingSeen' } });

    const { txid } = await pay(wallet, link);
    await till.front();
    const seen = await status(till, 'seen');
    await till.see('payment', { data: { txid, state: 'seen' } });
    await node.seeHealth('the payment waits at the node', ({ mempool }) => mempool === 1);

    const address = await receive(wallet);
    await node.mine(1, address);
    const confirming = await status(till, 'confirming');
    await till.see('confirmations', { data: { depth: 1, of: 2 } });
    await node.mine(1, address);
    const settled = await status(till, 'settled', { tone: 'risk' });
    assert.equal(new Set([seen, confirming, settled]).size, 3, 'each stage has its own sentence');
    await wallet.see('entry', { data: { kind: 'mined' } });
    const entries = await wallet.lookAll('entry');
    const paid = entries.find((entry) => entry.data.txid === txid);
    assert.equal(paid?.data.state, 'mined');
  });

  story('of too little asks for the rest, of too much settles', async (world) => {
    const node = await world.node();
    const merchant = await world.person(node);
    const customer = await world.person(node);
    const { tab: wallet } = await customer.wallet();
    await node.mine(3, await receive(wallet));
    await seeSpendable(wallet, 3n * SUBSIDY);
    const till = await merchant.till();

    await invoice(till, 150_000_000n);
    const { data: shown } = await till.see('address');
    await pay(wallet, shown.address, { units: 100_000_000n });
    await till.front();
    await till.see('flag-partial');
    await till.see('remaining', { data: { units: 50_000_000 } });
    const { data: rest } = await till.see('qr');
    assert.match(rest.uri, /[?&]amount=0\.5(&|$)/);
    await pay(wallet, rest.uri);
    await till.front();
    await status(till, 'seen');
    await till.seeNo('flag-partial');
    await node.mine(1, await receive(wallet));
    await status(till, 'settled', { tone: 'risk' });

    await till.click('new-invoice');
    await invoice(till, 100_000_000n);
    const { data: another } = await till.see('address');
    assert.notEqual(another.address, shown.address, 'each invoice has an address of its own');
    await pay(wallet, another.address, { units: 130_000_000n });
    await till.front();
    await till.see('excess', { data: { units: 30_000_000 } });
    await node.mine(1, await receive(wallet));
    await status(till, 'settled');
    await till.see('flag-over');
  });

  story('that comes late is accepted by a person alone', async (world) => {
    const node = await world.node();
    const merchant = await world.person(node);
    const customer = await world.person(node);
    const { tab: wallet } = await customer.wallet();
    await node.mine(2, await receive(wallet));
    await seeSpendable(wallet, 2n * SUBSIDY);
    const till = await merchant.till({ expiry: 0.05 });
    const link = await invoice(till, 100_000_000n);
    await status(till, 'expired');
    await pay(wallet, link);
    await till.front();
    await till.see('flag-late');
    await node.mine(1, await receive(wallet));
    await till.see('payment', { data: { state: 'mined' } });
    const late = await till.look('status');
    assert.notEqual(late.data.status, 'settled', 'it does not settle by itself');
    await till.click('accept-late');
    await status(till, 'settled', { tone: 'risk' });
  });
});
