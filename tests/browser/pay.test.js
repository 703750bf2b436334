/** Payments as they should go, and by too little and too much. */
import assert from 'node:assert/strict';
import { decimal, ask, status } from './support/till.js';
import { stories } from './support/story.js';

stories('a payment', (story) => {
  story('is awaited, seen, confirming and settled', {}, async (world) => {
    const { node, wallet, address } = world;
    const till = await (await world.counter()).till({ address, confirmations: 2 });
    await ask(till, 150_000n, 'Table 7');
    await till.see('verdict', { data: { answer: 'nothingSeen' } });
    const { data: code } = await till.see('qr');
    assert.match(code.uri, /^bitcoin:/i);
    assert.ok(code.uri.toLowerCase().includes(address), 'the code names the address');
    assert.match(code.uri, /[?&]amount=0\.0015(0*)(&|$)/i);
    const { data: shown } = await till.see('address');
    assert.equal(shown.address, address, 'and so does the page');

    const payment = await wallet.pay(node, address, 150_000n);
    const seen = await status(till, 'seen');
    await till.see('verdict', { data: { answer: 'seenUnverified' } });
    await till.see('credit', { data: { units: 150_000 } });
    await till.see('payment', { data: { txid: payment.txid, state: 'seen' } });

    await node.mine(1);
    const confirming = await status(till, 'confirming');
    await till.see('confirmations', { data: { depth: 1, of: 2 } });
    await till.see('verdict', { data: { answer: 'confirming' } });

    await node.mine(1);
    const settled = await status(till, 'settled', { tone: 'good' });
    await till.see('confirmations', { data: { depth: 2 } });
    await till.see('verdict', { data: { answer: 'confirmed' } });
    assert.equal(new Set([seen, confirming, settled]).size, 3, 'each stage has its own sentence');

    await till.click('new-invoice');
    await till.see('show-code');
  });

  story('of too little asks for the rest, and the rest settles it', {}, async (world) => {
    const { node, wallet, address } = world;
    const till = await (await world.counter()).till({ address });
    await ask(till, 150_000n);
    await wallet.pay(node, address, 100_000n);
    await till.see('flag-partial');
    await till.see('status', { data: { status: 'awaiting' } });
    await till.see('remaining', { data: { units: 50_000 } });
    await till.see('verdict', { data: { answer: 'tooLittle' } });
    const { data } = await till.see('qr');
    assert.match(data.uri, new RegExp(`[?&]amount=${Number(decimal(50_000n))}0*(&|$)`, 'i'));

    await wallet.pay(node, address, 50_000n);
    await status(till, 'seen');
    await till.seeNo('flag-partial');
    await node.mine(1);
    await status(till, 'settled', { tone: 'good' });
    assert.equal((await till.lookAll('payment')).length, 2);
  });

  story('of too much settles, and the excess is shown', {}, async (world) => {
    const { node, wallet, address } = world;
    const till = await (await world.counter()).till({ address });
    await ask(till, 150_000n);
    await wallet.pay(node, address, 200_000n);
    await status(till, 'seen');
    await till.see('flag-over');
    await till.see('excess', { data: { units: 50_000 } });
    await node.mine(1);
    await status(till, 'settled');
    await till.see('flag-over');
    await till.see('excess', { data: { units: 50_000 } });
  });
});
