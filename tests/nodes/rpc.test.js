/**
 * JSON-RPC with programs that nobody here wrote: bcoin's client asks, and bcoin's miner makes the
 * block from what our node proposes.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { OwnNode } from '../browser/support/own-node.js';
import { Ed25519Key } from './ed25519.js';
import { HOST, freePort } from './ports.js';

const require = createRequire(import.meta.url);
const { Address, mining, util } = require('./bcoin.cjs');
const { NodeClient } = require('bclient');

/** The block that bcoin's miner makes of a template, in hex; `found`: with work enough. */
function blockOf(template, found = true) {
  const { publicKey } = new Ed25519Key(Buffer.alloc(32, 7));
  const attempt = new mining.BlockTemplate({
    prevBlock: util.revHex(template.previousblockhash),
    version: template.version,
    height: template.height,
    time: template.curtime,
    bits: Number.parseInt(template.bits, 16),
    coinbaseFlags: Buffer.from('bcoin'),
    address: Address.fromProgram(16, publicKey),
    witness: true,
  });
  // Another currency's subsidy.
  attempt.getReward = () => template.coinbasevalue;
  attempt.refresh();
  const target = Buffer.from(template.target, 'hex').reverse();
  for (let nonce = 0; ; nonce += 1) {
    const proof = attempt.getProof(0, 7, template.curtime, nonce);
    if (proof.verify(target) === found) return attempt.commit(proof);
  }
}

describe('a client and a miner that nobody here wrote, by JSON-RPC', () => {
  let node;
  let port;
  let client;
  before(async () => {
    port = await freePort();
    // Blocks cost two hashes there.
    node = new OwnNode({ network: 'practice', args: ['--rpc', `${HOST}:${port}`] });
    await node.start();
    const [username, password] = (await readFile(join(node.data, '.cookie'), 'utf8')).split(':');
    client = new NodeClient({ host: HOST, port, username, password });
  });
  after(async () => {
    await node?.stop();
  });

  const template = () => client.execute('getblocktemplate', [{ rules: ['segwit'] }]);
  const submit = (block) => client.execute('submitblock', [block.toRaw().toString('hex')]);

  test('mines blocks that the node takes', async () => {
    // To where the height is pushed as a number of its own (BIP34).
    for (let height = 1; height <= 20; height += 1) {
      const block = blockOf(await template());
      assert.equal(await submit(block), null);
      const { blocks, bestblockhash } = await client.execute('getblockchaininfo');
      assert.deepEqual([blocks, bestblockhash], [height, block.rhash()]);
    }
  });

  test('is told why a block is refused', async () => {
    assert.equal(await submit(blockOf(await template(), false)), 'high-hash');
    const block = blockOf(await template());
    assert.equal(await submit(block), null);
    assert.equal(await submit(block), 'duplicate');
  });

  test('is told of errors, and not answered with another password', async () => {
    await assert.rejects(client.execute('getwork', []), { code: -32601 });
    await assert.rejects(client.execute('getblocktemplate', []), { code: -8 });
    const stranger = new NodeClient({ host: HOST, port, username: 'x', password: 'y' });
    await assert.rejects(stranger.execute('getblockcount', []), /Unauthorized/);
  });
});
