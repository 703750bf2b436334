/**
 * Builds blocks outside of any node, so that every node can be given a branch that it did not choose:
 * on regtest, two tries on average find a proof of work.
 */
import bcoin from './bcoin.cjs';

const { Block, Input, Output, TX, Script } = bcoin;
const HALVING = 150;
const COIN = 100_000_000;

/** A block's raw bytes in hex as bcoin's Block. */
export function parseBlock(hex) {
  return Block.fromRaw(hex, 'hex');
}

/** How the script of an output begins that commits to a block's witnesses (BIP141). */
const COMMITMENT = '6a24aa21a9ed';

/** The coinbase of a height, with a number that keeps two branches' coinbases apart. */
function coinbase(height, script, extra) {
  const transaction = new TX();
  const input = new Input();
  input.script.pushInt(height);
  input.script.pushInt(extra);
  input.script.pushData(Buffer.from('a branch', 'ascii'));
  input.script.compile();
  transaction.inputs.push(input);
  const output = new Output();
  output.script = Script.fromRaw(script, 'hex');
  output.value = Math.floor((50 * COIN) / 2 ** Math.floor(height / HALVING));
  transaction.outputs.push(output);
  transaction.refresh();
  return transaction;
}

/** Commits to the witnesses of a block that has some. */
function commit(block) {
  const [coinbase] = block.txs;
  coinbase.inputs[0].witness.items.push(Buffer.alloc(32));
  const output = new Output();
  const commitment = COMMITMENT + block.createCommitmentHash('hex');
  output.script = Script.fromRaw(commitment, 'hex');
  coinbase.outputs.push(output);
  coinbase.refresh();
}

/**
 * `count` blocks on top of a block, empty but for their coinbases, and for `transactions` in hex in
 * the first of them: each one's raw bytes in hex. `parent` is the parent's raw block; `height` its
 * height.
 */
export function buildBranch(parent, height, count, script, transactions = []) {
  const blocks = [];
  let previous = parseBlock(parent);
  for (let i = 1; i <= count; i += 1) {
    const block = new Block();
    block.version = 0x20000000;
    block.prevBlock = previous.hash('hex');
    // Later than the parent, so later than the median of the last eleven.
    block.time = Math.max(previous.time + 1, Math.floor(Date.now() / 1000) - count + i);
    block.bits = 0x207fffff;
    const extra = Math.floor(Math.random() * 0x7fffffff);
    block.txs.push(coinbase(height + i, script, extra));
    if (i === 1 && transactions.length > 0) {
      block.txs.push(...transactions.map((hex) => TX.fromRaw(hex, 'hex')));
      commit(block);
    }
    block.merkleRoot = block.createMerkleRoot('hex');
    do {
      block.nonce += 1;
      block.refresh();
    } while (!block.verifyPOW());
    blocks.push(block.toRaw().toString('hex'));
    previous = block;
  }
  return blocks;
}
