/**
 * `blocks-bcoin.js ROUNDS`: bcoin's chain connects blocks like ours on regtest, in memory: payments of
 * one signature (P2PKH, ECDSA) with two outputs each, and empty blocks.
 */
import bcoin from '../nodes/bcoin.cjs';
import { buildBranch, parseBlock } from '../nodes/blocks.js';
import { rate, tell } from './tell.js';

const { Chain, Coin, KeyRing, MTX, Script } = bcoin;
const rounds = Number(process.argv[2]);
/** A coinbase matures after so many blocks. */
const MATURE = 100;
const PAYMENTS = 200;
const EMPTY = 500;

const ring = KeyRing.fromPrivate(Buffer.alloc(32, 7), true);
const script = Script.fromAddress(ring.getAddress());
const raw = script.toRaw().toString('hex');

async function newChain() {
  const chain = new Chain({ memory: true, network: 'regtest', workers: null });
  await chain.open();
  return chain;
}

async function add(chain, blocks) {
  for (const block of blocks) {
    // Parsed anew: a block remembers that it was verified.
    if (!(await chain.add(parseBlock(block)))) throw new Error('bcoin did not take a block');
  }
}

/** A payment of a coin to two outputs of the same key, signed. */
function spend(coin, amounts) {
  const transaction = new MTX();
  transaction.addCoin(coin);
  for (const amount of amounts) transaction.addOutput(script, amount);
  transaction.sign(ring);
  return transaction;
}

/** A block with these transactions, in hex. */
function blockOf(parent, height, transactions) {
  const block = parseBlock(buildBranch(parent, height - 1, 1, raw)[0]);
  block.txs.push(...transactions.map((each) => each.toTX()));
  block.refresh();
  block.merkleRoot = block.createMerkleRoot('hex');
  do {
    block.nonce += 1;
    block.refresh();
  } while (!block.verifyPOW());
  return block.toRaw().toString('hex');
}

const genesis = bcoin.Network.get('regtest').genesisBlock;
const before = buildBranch(genesis, 0, MATURE, raw);
const first = parseBlock(before[0]).txs[0];
const share = Math.floor(first.outputs[0].value / PAYMENTS);
const fan = spend(Coin.fromTX(first, 0, 1), Array(PAYMENTS).fill(share));
before.push(blockOf(before.at(-1), MATURE + 1, [fan]));
const payments = fan.outputs.map((output, at) =>
  spend(Coin.fromTX(fan, at, MATURE + 1), [output.value - 1000, 1000]),
);
const full = [blockOf(before.at(-1), MATURE + 2, payments)];
const empty = buildBranch(genesis, 0, EMPTY, raw);

const found = { payments: [], 'empty blocks': [] };
for (let round = -1; round < rounds; round += 1) {
  const one = await newChain();
  await add(one, before);
  const paid = await rate(PAYMENTS, () => add(one, full));
  await one.close();
  const other = await newChain();
  const bare = await rate(EMPTY, () => add(other, empty));
  await other.close();
  // The first is without a clock: the scripts are compiled.
  if (round < 0) continue;
  found.payments.push(paid);
  found['empty blocks'].push(bare);
}
for (const [name, samples] of Object.entries(found)) tell(name, samples);
