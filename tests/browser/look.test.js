/**
 * How the pages look in each main state, in both themes, on a telephone and on a desk: no serious
 * fault that axe knows, no scrolling sideways. Pictures go to target/screenshots; with
 * FARTHING_SCREENSHOTS=1 the one of the README is made anew.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startNode } from '../nodes/index.js';
import { inspect, show } from './support/look.js';
import { ask, status } from './support/till.js';
import { stories } from './support/story.js';

const README = fileURLToPath(new URL('../../docs/till.png', import.meta.url));

stories(
  'the look',
  (story) => {
    story('of the till on its way to settled, and of the chain', {}, async (world) => {
      const { node, wallet, address } = world;
      const counter = await world.counter();
      const fresh = await counter.tab('till.html');
      await fresh.see('sentence');
      await inspect(fresh, 'till-first');

      const till = await counter.till({ address, confirmations: 2 });
      await inspect(till, 'till-keypad');
      await ask(till, 150_000n, 'Table 7');
      await inspect(till, 'till-awaiting');
      await wallet.pay(node, address, 100_000n);
      await till.see('flag-partial');
      await inspect(till, 'till-partial');
      await wallet.pay(node, address, 50_000n);
      await status(till, 'seen');
      await inspect(till, 'till-seen');
      await node.mine(1);
      await status(till, 'confirming');
      await inspect(till, 'till-confirming');
      await node.mine(1);
      await status(till, 'settled');
      await inspect(till, 'till-settled');
      if (process.env.FARTHING_SCREENSHOTS === '1') {
        await mkdir(join(README, '..'), { recursive: true });
        await show(till, 'light');
        await till.page.screenshot({ path: README });
      }

      // It is there when the branch is abandoned: only the best chain is kept.
      const chain = await counter.tab('chain.html');
      await chain.see('peer', { data: { state: 'ready' } });
      const before = await node.tip();
      await node.branch(before.height - 2, 3);
      await till.see('alarm');
      await inspect(till, 'till-reorged');

      await chain.see('branch');
      await inspect(chain, 'chain');
      await chain.type('field-lookup', '1');
      await chain.click('lookup');
      await chain.see('block');
      await inspect(chain, 'chain-block');

      await till.click('settings');
      await till.see('save-settings');
      await inspect(till, 'till-settings');
    });

    const two = { needs: ['command', 'two'] };
    story('of the red alarm, and of a till without a node', two, async (world) => {
      const { node, wallet, address } = world;
      const second = await startNode(1);
      try {
        await second.adopt(node);
        const counter = await world.counter([node, second]);
        const till = await counter.till({ address });
        await ask(till, 150_000n);
        const { height } = await node.tip();
        const payment = wallet.create(address, 150_000n, { height });
        await node.send(payment.hex);
        await status(till, 'seen');
        await second.send(wallet.doubleSpend(payment).hex);
        await till.see('alarm');
        await inspect(till, 'till-conflict');
        await counter.cut();
        await till.see('verdict', { data: { answer: 'conflict' } });
        await inspect(till, 'till-away');
      } finally {
        await second.stop();
      }
    });
  },
  { bridges: ['our own bridge'] },
);
