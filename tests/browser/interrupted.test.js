/** A payment in the middle of which something goes away: the node, the page, the network, the worker. */
import assert from 'node:assert/strict';
import { ask, status } from './support/till.js';
import { stories } from './support/story.js';

const away = /^(connecting|offline|silent|stale)$/;

/** Waits until the line about the network says that no node answers. */
async function seeAway(till) {
  await till.until('the page says that no node answers', async () =>
    away.test((await till.look('network-line'))?.data.state),
  );
}

stories('in mid-payment', (story) => {
  const restart = { needs: ['command', 'restart'] };
  story('the node is killed and started again', restart, async (world) => {
    const { node, wallet, address } = world;
    const till = await (await world.counter()).till({ address });
    await ask(till, 150_000n);
    const payment = await wallet.pay(node, address, 150_000n);
    await status(till, 'seen');

    await node.kill();
    await seeAway(till);
    await status(till, 'seen');
    await till.see('verdict', { data: { answer: 'cannotTell' } });

    await node.restart();
    await till.see('network-line', { data: { state: 'connected' }, deadline: 60_000 });
    // A killed node forgets what was in no block; the customer's wallet tells it again.
    if (!(await node.mempool()).includes(payment.txid)) await node.send(payment.hex);
    await node.mine(1);
    await status(till, 'settled', { tone: 'good' });
    await till.see('fact-notWatched');
  });

  story('the tab is loaded again', {}, async (world) => {
    const { node, wallet, address } = world;
    const till = await (await world.counter()).till({ address });
    await ask(till, 150_000n, 'Table 7');
    const payment = await wallet.pay(node, address, 150_000n);
    await status(till, 'seen');

    await till.page.reload({ waitUntil: 'load' });
    await status(till, 'seen');
    await till.see('payment', { data: { txid: payment.txid } });
    await till.see('network-line', { data: { state: 'connected' } });
    await node.mine(1);
    await status(till, 'settled', { tone: 'good' });

    // What was mined while no page was open is found in the blocks.
    await till.page.goto('about:blank');
    await node.mine(2);
    await till.page.goBack({ waitUntil: 'load' });
    await status(till, 'settled');
    await till.see('confirmations', { data: { depth: 3 } });
  });

  story('the till is off-line and comes back', {}, async (world) => {
    const { node, wallet, address } = world;
    const counter = await world.counter();
    const till = await counter.till({ address });
    await ask(till, 150_000n);
    await till.see('verdict', { data: { answer: 'nothingSeen' } });

    await counter.cut();
    await seeAway(till);
    await till.see('verdict', { data: { answer: 'cannotTell' } });
    // It pays while nobody looks: no node announces that again.
    const payment = await wallet.pay(node, address, 150_000n);

    await counter.mend();
    await till.see('network-line', { data: { state: 'connected' }, deadline: 60_000 });
    await till.see('fact-notWatched');
    await till.see('status', { data: { status: 'awaiting' } });
    await node.mine(1);
    await status(till, 'settled', { tone: 'good' });
    await till.see('payment', { data: { txid: payment.txid, state: 'mined' } });
  });

  story('the time runs out while the till is off-line', {}, async (world) => {
    const { address } = world;
    const counter = await world.counter();
    const till = await counter.till({ address, expiry: 0.1 });
    await ask(till, 150_000n);
    await counter.cut();
    await seeAway(till);
    await till.until('the six seconds are over', async () => {
      const left = (await till.look('expires'))?.text ?? '';
      return !/\d:\d\d|\ds|seconds?/.test(left);
    });
    const found = await till.look('status');
    assert.notEqual(found.data.status, 'expired', 'of a time not watched nothing is concluded');
    await till.see('verdict', { data: { answer: 'cannotTell' } });
  });

  story('the client breaks and is started again', {}, async (world) => {
    const { node, wallet, address } = world;
    const till = await (await world.counter()).till({ address });
    await ask(till, 150_000n);
    await wallet.pay(node, address, 150_000n);
    await status(till, 'seen');

    const states = [];
    await till.page.exposeFunction('tell', (state) => states.push(state));
    await till.page.evaluate(() => {
      const line = document.querySelector('[data-testid="network-line"]');
      new MutationObserver(() => window.tell(line.dataset.state)).observe(line, {
        attributes: true,
      });
    });
    await till.trap();
    await till.until('the page says that the client is restarted', () =>
      states.includes('restarting'),
    );
    await till.see('network-line', { data: { state: 'connected' } });
    await status(till, 'seen');
    await node.mine(1);
    await status(till, 'settled', { tone: 'good' });
  });
});
