/**
 * Which node the tests run against:
 * - bcoin, where nothing else is said;
 * - `BITCOIND=/path/to/bitcoind`: Bitcoin Core, started here;
 * - `NODE_ADDR=host:port`: one on regtest that runs already. `NODE_RPC=http://user:password@host:port`
 *   lets the tests mine and pay with it. Two of each, with a comma between them, give the tests that
 *   need two nodes.
 */
import { BcoinNode } from './bcoin-node.js';
import { BitcoindNode, RunningNode } from './bitcoind-node.js';
import { Wallet } from './wallet.js';

export { Websockify } from './bridges.js';
export { connect, disconnect } from './node.js';
export { HOST, freePort, listening, until } from './ports.js';
export { Wallet, newAddress, scriptOf } from './wallet.js';

const { BITCOIND, NODE_ADDR, NODE_RPC } = process.env;
const split = (list) => (list ? list.split(',').map((item) => item.trim()) : []);

/** What the tests cannot do with the chosen node, as sentences; empty for most. */
export const limits = [];
if (NODE_ADDR) {
  limits.push('the node is not killed and restarted: it was already running');
  if (!NODE_RPC) limits.push('no payment, block or reorganisation is made: NODE_RPC is not set');
  if (split(NODE_ADDR).length < 2) limits.push('no two nodes disagree: NODE_ADDR names one node');
}

/** What the chosen node can do. */
export const can = {
  command: !NODE_ADDR || Boolean(NODE_RPC),
  restart: !NODE_ADDR,
  two: !NODE_ADDR || split(NODE_ADDR).length > 1,
};

/** What the chosen node is, for people. */
export const kind = NODE_ADDR ? `the node at ${NODE_ADDR}` : BITCOIND ? 'bitcoind' : 'bcoin';

/** The chosen node, started; `which` is 0 or 1 where a test needs two. */
export async function startNode(which = 0) {
  let node;
  if (NODE_ADDR) node = new RunningNode(split(NODE_ADDR)[which], split(NODE_RPC)[which]);
  else if (BITCOIND) node = new BitcoindNode(BITCOIND);
  else node = new BcoinNode();
  await node.start();
  return node;
}

/**
 * The chosen node with a chain on which witness programs can be spent, and a wallet that has coins.
 * On bcoin's regtest that takes 432 blocks (BIP9); Bitcoin Core needs none.
 */
export async function startFunded(coins = 40) {
  const node = await startNode();
  const wallet = new Wallet();
  if (node.canCommand) {
    await wallet.fund(node, coins);
    const { height } = await node.tip();
    if (node.kind === 'bcoin' && height < 440) await node.mine(440 - height);
    // A node whose newest block is old serves nobody.
    else await node.mine(1);
  }
  return { node, wallet };
}
