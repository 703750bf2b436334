/** The Chain page: the best chain as the node has it, its branches, and any block of it. */
import assert from 'node:assert/strict';
import { stories } from './support/story.js';

/** A Chain page beside a till that was set up. */
async function chainPage(world) {
  const counter = await world.counter();
  await counter.till({ address: world.address });
  return counter.tab('chain.html');
}

async function seeTip(chain, node) {
  const { height, hash } = await node.tip();
  await chain.see('tip-hash', { data: { hash } });
  const { text } = await chain.see('tip-height');
  assert.equal(Number(text.replace(/\D/g, '')), height);
  return { height, hash };
}

stories('the chain', (story) => {
  story("has the node's tip, and follows it", {}, async (world) => {
    const { node } = world;
    const chain = await chainPage(world);
    await seeTip(chain, node);
    await chain.see('trusts-peers');
    await chain.see('peer', { data: { state: 'ready' } });
    assert.equal((await chain.lookAll('peer')).length, 1);
    const { data: before } = await chain.see('tip-work');
    assert.match(before.work, /^[0-9a-f]{64}$/);

    await node.mine(1);
    await seeTip(chain, node);
    const { data: now } = await chain.see('tip-work');
    // A regtest block takes two hashes, on average.
    assert.equal(BigInt(`0x${now.work}`) - BigInt(`0x${before.work}`), 2n);
  });

  story('tells what the node says', {}, async (world) => {
    const { node } = world;
    const chain = await chainPage(world);
    await seeTip(chain, node);
    const { text: peer } = await chain.see('peer', { data: { state: 'ready' } });
    if (node.kind === 'bcoin') assert.match(peer, /\/bcoin:/, 'what it calls itself');
    assert.match(peer, /NETWORK/, 'what it offers');
    await chain.click('said');
    const { text: said } = await chain.see('said');
    for (const command of ['version', 'verack', 'getheaders', 'headers']) {
      assert.match(said, new RegExp(`\\b${command}\\b`), `the ${command} of their conversation`);
    }
  });

  story('shows the branch that was abandoned', {}, async (world) => {
    const { node } = world;
    await node.mine(3);
    const chain = await chainPage(world);
    const old = await seeTip(chain, node);
    await node.branch(old.height - 3, 4);
    await seeTip(chain, node);
    const { data } = await chain.see('branch', { data: { tip: old.hash } });
    assert.equal(data.height, String(old.height));
    assert.equal(data.forkHeight, String(old.height - 3));
    await chain.see('fork-tree');
    const headers = await chain.lookAll('header');
    const abandoned = headers.filter((header) => header.data.best === 'false');
    assert.deepEqual(
      abandoned.map((header) => Number(header.data.height)).sort((a, b) => a - b),
      [old.height - 2, old.height - 1, old.height],
    );
  });

  story('opens a block by its height, and a transaction of it', {}, async (world) => {
    const { node, wallet, address } = world;
    const payment = await wallet.pay(node, address, 150_000n);
    const [hash] = await node.mine(1);
    const { height } = await node.tip();
    const chain = await chainPage(world);
    await seeTip(chain, node);
    await chain.type('field-lookup', String(height));
    await chain.click('lookup');
    const { text } = await chain.see('block', { data: { hash } });
    assert.ok(text.includes(payment.txid.slice(0, 6)), 'it lists the payment');

    await chain.type('field-lookup', payment.txid);
    await chain.click('lookup');
    await chain.see('transaction', { data: { txid: payment.txid } });

    await chain.type('field-lookup', '99999999');
    await chain.click('lookup');
    await chain.see('error');
  });
});
