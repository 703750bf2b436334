/** A coin that was spent twice, and blocks that were abandoned: what a till must shout about. */
import assert from 'node:assert/strict';
import { startNode, until } from '../nodes/index.js';
import { ask, status } from './support/till.js';
import { stories } from './support/story.js';

stories('an alarm', (story) => {
  const two = { needs: ['command', 'two'] };
  story('when two nodes hold different spends of one coin', two, async (world) => {
    const { node, wallet, address } = world;
    const second = await startNode(1);
    try {
      await second.adopt(node);
      const till = await (await world.counter([node, second])).till({ address });
      await ask(till, 150_000n);
      const { height } = await node.tip();
      const payment = wallet.create(address, 150_000n, { height });
      const other = wallet.doubleSpend(payment);
      await node.send(payment.hex);
      await status(till, 'seen');

      await second.send(other.hex);
      await till.see('alarm', { data: { reason: 'conflictSeen' } });
      await till.see('flag-conflict');
      await till.see('verdict', { data: { answer: 'conflict' } });
      await till.see('status', { data: { status: 'awaiting', tone: 'bad' } });
      await till.see('credit', { data: { units: 0 } });
      await till.see('payment', { data: { state: 'conflicted', counts: 'false' } });
      await till.click('acknowledge');
      await till.seeNo('alarm');

      // The thief's node finds the block.
      const [hash] = await second.mine(1);
      await node.give(await second.block(hash));
      await till.see('alarm', { data: { reason: 'doubleSpent' } });
      await till.see('payment', { data: { txid: payment.txid, state: 'dead' } });
      await till.see('status', { data: { status: 'awaiting' } });
    } finally {
      await second.stop();
    }
  });

  story('when 10 blocks are abandoned, and quiet when the payment is back', {}, async (world) => {
    const { node, wallet, address } = world;
    const till = await (await world.counter()).till({ address });
    await ask(till, 150_000n);
    const before = await node.tip();
    const payment = await wallet.pay(node, address, 150_000n);
    await status(till, 'seen');
    await node.mine(10);
    await status(till, 'settled', { tone: 'good' });
    await till.see('confirmations', { data: { depth: 10 } });

    await node.branch(before.height, 11);
    await till.see('alarm', { data: { reason: 'reorganisedOut' } });
    const fallen = await till.see('status');
    assert.equal(fallen.data.status, 'seen');
    assert.notEqual(fallen.data.tone, 'good');
    await till.see('flag-reorged');
    await till.see('verdict', { data: { answer: 'seenUnverified' } });
    await till.click('acknowledge');
    await till.seeNo('alarm');

    await till.until('the till sent the payment to the node again', async () =>
      (await node.mempool()).includes(payment.txid),
    );
    await node.mine(1);
    await status(till, 'settled', { tone: 'good' });
    await until('the payment is in a block again', async () => (await node.mempool()).length === 0);
  });
});
