/**
 * One bcoin full node on regtest, in memory, as a process of its own that is told what to do over
 * the channel of `child_process.fork`: `{ id, method, args }` is answered with `{ id, result }` or
 * `{ id, error }`. Everything is in hex in the order of the wire, but hashes, which are in the order
 * that people write.
 */
'use strict';

const bcoin = require('./bcoin.cjs');

let node = null;

const reversed = (hex) => Buffer.from(hex, 'hex').reverse().toString('hex');
const peerName = (peer) => peer.address.host + ':' + peer.address.port;

/** The chain's entry of a hash or of a height. */
async function entryOf(block) {
  return node.chain.getEntry(typeof block === 'string' ? reversed(block) : block);
}

const methods = {
  async start({ host, port, httpPort }) {
    node = new bcoin.FullNode({
      network: 'regtest',
      memory: true,
      workers: false,
      listen: true,
      host,
      port,
      httpHost: host,
      httpPort,
      noAuth: true,
      bip37: true,
      indexTX: true,
      upnp: false,
      maxOutbound: 1,
    });
    node.on('error', (error) => console.error(error.stack));
    // It would ask name servers for its own address and for other nodes.
    node.pool.discoverExternal = async () => {};
    node.pool.discoverSeeds = async () => {};
    await node.ensure();
    await node.open();
    await node.connect();
    node.startSync();
  },

  async tip() {
    return { height: node.chain.height, hash: reversed(node.chain.tip.hash) };
  },

  async hashAt(height) {
    const entry = await entryOf(height);
    return entry ? reversed(entry.hash) : null;
  },

  async block(block) {
    const entry = await entryOf(block);
    const found = entry && (await node.chain.getBlock(entry.hash));
    return found ? found.toRaw().toString('hex') : null;
  },

  async mine(count, script) {
    const address = bcoin.Address.fromScript(bcoin.Script.fromRaw(script, 'hex'));
    const hashes = [];
    for (let i = 0; i < count; i += 1) {
      const job = await node.miner.createJob(null, address);
      const block = await job.mineAsync();
      if (!(await node.chain.add(block))) {
        throw new Error('bcoin did not take its own block');
      }
      hashes.push(block.rhash());
    }
    return hashes;
  },

  async submitBlock(hex) {
    try {
      await node.chain.add(bcoin.Block.fromRaw(hex, 'hex'));
    } catch (error) {
      if (error.reason !== 'duplicate') throw error;
    }
  },

  async send(hex) {
    const missing = await node.mempool.addTX(bcoin.TX.fromRaw(hex, 'hex'));
    if (missing) throw new Error('the transaction spends coins that this node does not know');
  },

  async mempool() {
    return [...node.mempool.map.values()].map((entry) => entry.tx.txid());
  },

  async link(host, port) {
    const address = bcoin.net.NetAddress.fromHost(host, port, node.network);
    node.pool.peers.add(node.pool.createOutbound(address));
    if (!node.pool.peers.load) node.pool.setLoader(node.pool.peers.tail());
  },

  async unlink(host, port) {
    for (let peer = node.pool.peers.head(); peer; peer = peer.next) {
      if (peerName(peer) === host + ':' + port) peer.destroy();
    }
  },

  async peers() {
    const peers = [];
    for (let peer = node.pool.peers.head(); peer; peer = peer.next) {
      peers.push({ address: peerName(peer), agent: peer.agent, ready: peer.handshake });
    }
    return peers;
  },
};

process.on('message', async ({ id, method, args }) => {
  try {
    process.send({ id, result: await methods[method](...args) });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});

// Nobody is left to stop this node.
process.on('disconnect', () => process.exit(0));
process.on('unhandledRejection', (error) => console.error(error));
