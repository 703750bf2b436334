/** Headers on their way: the Chain page shows how far they are, and how fast they come. */
import assert from 'node:assert/strict';
import { slowWire } from '../nodes/slow.js';
import { stories } from './support/story.js';

/** Three messages of headers and a part of one. */
const HEADERS = 6_500;

stories(
  'headers that arrive',
  (story) => {
    story('are shown with their progress and rate', {}, async (world) => {
      const { node } = world;
      await node.generate(HEADERS - (await node.tip()).height, world.wallet.script);
      const wire = await slowWire(node);
      try {
        const counter = await world.counter([wire]);
        // Straight from the settings to the chain: the till would have fetched them all meanwhile.
        const chain = await counter.tab('till.html#settings');
        await chain.choose('field-network', 'regtest');
        await chain.tick('offered-node', true);
        await chain.type('field-address', world.address);
        await chain.click('save-settings');
        await chain.see('show-code');
        await chain.page.goto(`${counter.farthing.url}chain.html`, { waitUntil: 'load' });
        const { data: first } = await chain.see('progress', { data: { stage: 'headers' } });
        assert.equal(first.of, String(HEADERS));
        assert.ok(Number(first.height) < HEADERS, `${first.height} of ${HEADERS}`);
        await chain.until('the progress grows, with a rate', async () => {
          const progress = await chain.look('progress');
          const rate = await chain.look('rate');
          const grew = Number(progress?.data.height) > Number(first.height);
          return grew && /[1-9]/.test(rate?.text ?? '');
        });
        const { hash } = await node.tip();
        await chain.see('tip-hash', { data: { hash } });
        await chain.until(
          'nothing is on its way any more',
          async () => !(await chain.look('progress')),
        );
      } finally {
        wire.close();
      }
    });
  },
  { bridges: ['our own bridge'] },
);
