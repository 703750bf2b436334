/** Three nodes, a wire that is cut, and a light client on each side: both mine, and then are one chain. */
import assert from 'node:assert/strict';
import { ownStories, receive } from './support/shop.js';
import { Wire } from './support/wire.js';

/** Waits until a Chain page shows a node's tip. */
async function seeTip(chain, node, options) {
  const { tip } = await node.health();
  await chain.see('tip-hash', { data: { hash: tip }, ...options });
  return tip;
}

ownStories('a network that is parted', (story) => {
  story('grows on both sides, and is one chain again', async (world) => {
    const first = await world.node();
    const second = await world.node({ network: first.network, peers: [first] });
    const wire = await new Wire(second).start();
    try {
      const third = await world.node({ network: first.network, peers: [wire] });
      const person = await world.person(first);
      const { tab: wallet } = await person.wallet();
      const address = await receive(wallet);
      await wallet.page.close();
      const { tip: shared } = await first.mine(2, address);
      const same = (tip) => (health) => health.tip === tip;
      await third.seeHealth('the chain of all three', same(shared));

      const here = await person.tab('chain.html');
      const elsewhere = await world.person(third);
      const there = await elsewhere.tab('chain.html');
      await seeTip(here, first);
      await seeTip(there, third);

      wire.cut();
      const { tip: longer } = await first.mine(3, address);
      await second.seeHealth('two of three', same(longer));
      const { tip: shorter } = await third.mine(1, address);
      assert.notEqual(longer, shorter);
      await seeTip(here, first);
      await seeTip(there, third);
      const { text: high } = await here.see('tip-height');
      const { text: low } = await there.see('tip-height');
      assert.deepEqual([high, low].map(Number), [5, 3], 'each side has a chain of its own');

      wire.mend();
      await third.seeHealth('one chain', same(longer), { deadline: 60_000 });
      await there.see('tip-hash', { data: { hash: longer } });
      await there.see('branch', { data: { tip: shorter, forkHeight: 2, height: 3 } });
      await here.see('tip-hash', { data: { hash: longer } });
    } finally {
      await wire.stop();
    }
  });
});
