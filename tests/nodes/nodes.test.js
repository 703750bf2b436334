/** That the real node does what the browser tests ask of it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BcoinNode } from './bcoin-node.js';
import { RunningNode } from './bitcoind-node.js';
import { parseBlock } from './blocks.js';
import { RawPeer, hashOf } from './peer.js';
import {
  Wallet,
  Websockify,
  can,
  connect,
  disconnect,
  kind,
  limits,
  newAddress,
  startFunded,
  startNode,
  until,
} from './index.js';

for (const limit of limits) console.log(`with ${kind}: ${limit}`);

describe(`a full node that nobody here wrote: ${kind}`, () => {
  let node;
  let wallet;
  before(async () => ({ node, wallet } = await startFunded()));
  after(() => node?.stop());

  test('shakes hands through websockify and serves headers that link', async () => {
    const bridge = new Websockify(node.host, node.port);
    await bridge.start();
    const peer = await RawPeer.connect(bridge.url);
    try {
      const genesis = '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206';
      const headers = await peer.headersAfter(genesis);
      assert.ok(headers.length > 0, 'it has headers after the genesis');
      let previous = genesis;
      for (const header of headers) {
        const parent = Buffer.from(header.subarray(4, 36)).reverse().toString('hex');
        assert.equal(parent, previous);
        previous = hashOf(header);
      }
      if (can.command && headers.length < 2000) assert.equal(previous, (await node.tip()).hash);
    } finally {
      peer.close();
      await bridge.stop();
    }
  });

  test('a stopped websockify cuts the connection that it carried', async () => {
    const bridge = new Websockify(node.host, node.port);
    await bridge.start();
    const peer = await RawPeer.connect(bridge.url);
    await bridge.stop();
    await until('the connection is cut', () => peer.closed !== null, { deadline: 5_000 });
    await assert.rejects(RawPeer.connect(bridge.url), 'nobody listens any more');
  });

  test('takes a payment and mines it', { skip: !can.command && limits[0] }, async () => {
    const payment = await wallet.pay(node, newAddress(), 150_000n);
    assert.ok((await node.mempool()).includes(payment.txid));
    const [hash] = await node.mine(1);
    const { txs } = parseBlock(await node.block(hash));
    const mined = txs.find((tx) => tx.txid() === payment.txid);
    assert.ok(mined, 'the block holds the payment');
    assert.ok(mined.hasWitness(), 'and the payment spends a witness program');
    assert.equal(mined.outputs[0].value, 150_000);
    assert.deepEqual(await node.mempool(), []);
  });

  test('refuses a second spend of the same coin', { skip: !can.command && limits[0] }, async () => {
    const payment = await wallet.pay(node, newAddress(), 150_000n);
    const other = wallet.doubleSpend(payment, { fee: 10_000 });
    assert.notEqual(other.txid, payment.txid);
    assert.equal(other.outpoint, payment.outpoint);
    await assert.rejects(node.send(other.hex));
    assert.deepEqual(await node.mempool(), [payment.txid]);
    await node.mine(1);
  });

  test(
    'follows a branch of 11 blocks, and not one of 10',
    { skip: !can.command && limits[0] },
    async () => {
      await node.mine(10);
      const { height, hash } = await node.tip();
      await node.branch(height - 10, 10);
      assert.deepEqual(await node.tip(), { height, hash }, 'as much work is not more work');
      await node.branch(height - 10, 11);
      const tip = await node.tip();
      assert.equal(tip.height, height + 1);
      assert.notEqual(await node.hashAt(height), hash);
      assert.ok(await node.block(hash), 'the abandoned block is still served');
    },
  );

  test(
    'comes back with its chain after it was killed',
    { skip: !can.restart && limits[0] },
    async () => {
      const before = await node.tip();
      const { port } = node;
      await node.kill();
      await assert.rejects(node.tip());
      await node.restart();
      assert.equal(node.port, port);
      assert.deepEqual(await node.tip(), before);
    },
  );

  test(
    'two nodes hold different spends of one coin',
    { skip: !can.two && limits.at(-1) },
    async () => {
      const second = await startNode(1);
      try {
        await second.adopt(node);
        assert.deepEqual(await second.tip(), await node.tip());
        const { height } = await node.tip();
        const payment = wallet.create(newAddress(), 150_000n, { height });
        const other = wallet.doubleSpend(payment);
        await node.send(payment.hex);
        await second.send(other.hex);
        assert.deepEqual(await node.mempool(), [payment.txid]);
        assert.deepEqual(await second.mempool(), [other.txid]);

        await connect(node, second);
        await node.mine(1);
        const tip = await node.tip();
        await until('the other node follows', async () => (await second.tip()).hash === tip.hash);
        assert.deepEqual(await second.mempool(), [], 'the loser of the two is gone');

        await disconnect(node, second);
        await until('they are apart', async () => (await node.peers()).length === 0);
        await node.mine(1);
        assert.equal((await second.tip()).hash, tip.hash, 'and hear nothing of each other');
      } finally {
        await second.stop();
      }
    },
  );
});

describe('a node that already runs, driven by JSON-RPC', () => {
  let behind;
  let node;
  before(async () => {
    behind = new BcoinNode();
    await behind.start();
    node = new RunningNode(behind.address, behind.rpc);
    await node.start();
  });
  after(() => behind?.stop());

  test('mines, pays, follows a branch, and is not ended', async () => {
    const wallet = new Wallet();
    await wallet.fund(node, 340);
    assert.deepEqual(await node.tip(), await behind.tip());
    const payment = await wallet.pay(node, newAddress(), 150_000n);
    // The call answers before the node has taken the transaction in.
    const holds = async (txid) => (await node.mempool()).includes(txid);
    await until('the payment in the mempool', () => holds(payment.txid));
    const before = await node.tip();
    await node.mine(1);
    await until('the payment in a block', async () => !(await holds(payment.txid)));
    await node.branch(before.height, 2);
    assert.equal((await node.tip()).height, before.height + 2);
    assert.deepEqual(await node.tip(), await behind.tip());
    await assert.rejects(node.send(wallet.doubleSpend(payment).hex.replace(/..$/, '')));
    await node.stop();
    assert.equal((await behind.tip()).height, before.height + 2);
  });
});
