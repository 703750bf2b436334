/**
 * Bitcoin Core, or any node that answers its calls over HTTP: `BITCOIND=/path` starts one of its own
 * in its default configuration; `NODE_ADDR` with `NODE_RPC` takes one that already runs.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end } from './child.js';
import { Node } from './node.js';
import { HOST, freePort, until } from './ports.js';
import { addressOf } from './wallet.js';

/** A node that is told what to do by JSON-RPC over HTTP. */
export class RpcNode extends Node {
  kind = 'node';
  canRestart = false;
  #url;
  #authorization;
  #next = 0;

  /** Takes `http://user:password@host:port`. */
  setRpc(address) {
    const { protocol, host, username, password } = new URL(address);
    const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#url = `${protocol}//${host}/`;
    this.#authorization = `Basic ${Buffer.from(secret).toString('base64')}`;
  }

  async call(method, ...params) {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '1.0', id: (this.#next += 1), method, params }),
      signal: AbortSignal.timeout(30_000),
    });
    if (response.status === 401) throw new Error(`${method}: the node refuses the credentials`);
    const { result, error } = await response.json();
    if (error) {
      throw Object.assign(new Error(`${method}: ${error.message}`), { code: error.code });
    }
    return result;
  }

  async tip() {
    const { blocks: height, bestblockhash: hash } = await this.call('getblockchaininfo');
    return { height, hash };
  }

  hashAt(height) {
    return this.call('getblockhash', height);
  }

  block(hash) {
    return this.call('getblock', hash, 0);
  }

  generate(count, script) {
    return this.call('generatetoaddress', count, addressOf(script));
  }

  async submitBlock(hex) {
    const refusal = await this.call('submitblock', hex);
    // A block of a branch with less work is kept, and called inconclusive.
    if (refusal && !/^(duplicate|inconclusive|duplicate-inconclusive)$/.test(refusal)) {
      throw new Error(`submitblock: ${refusal}`);
    }
  }

  async send(hex) {
    await this.call('sendrawtransaction', hex, 0);
  }

  mempool() {
    return this.call('getrawmempool');
  }

  async link(host, port) {
    await this.call('addnode', `${host}:${port}`, 'onetry');
  }

  async unlink(host, port) {
    try {
      await this.call('disconnectnode', `${host}:${port}`);
    } catch (error) {
      // -29: it is not connected to that one.
      if (error.code !== -29) throw error;
    }
  }

  async peers() {
    const peers = await this.call('getpeerinfo');
    return peers.map(({ addr, subver, version }) => ({
      address: addr,
      agent: subver,
      ready: version > 0,
    }));
  }
}

/** A bitcoind that is started here, with a data directory of its own. */
export class BitcoindNode extends RpcNode {
  kind = 'bitcoind';
  canRestart = true;
  #program;
  #directory = null;
  #child = null;

  constructor(program) {
    super();
    this.#program = program;
  }

  async launch() {
    this.#directory ??= await mkdtemp(join(tmpdir(), 'farthing-bitcoind-'));
    const rpcPort = await freePort();
    // Only what keeps it on this machine and apart from another one; all else is its default.
    const child = spawn(
      this.#program,
      [
        '-regtest',
        `-datadir=${this.#directory}`,
        `-bind=${this.host}:${this.port}`,
        `-rpcport=${rpcPort}`,
        '-listenonion=0',
        '-printtoconsole=1',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child = child;
    let log = '';
    const keep = (bytes) => {
      log = (log + bytes).slice(-8_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let failure = null;
    child.once('error', (error) => (failure = error));
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    await until(
      'bitcoind answers its RPC',
      async () => {
        if (failure || !this.#child) return true;
        const cookie = await readFile(join(this.#directory, 'regtest', '.cookie'), 'utf8');
        this.setRpc(`http://${cookie.trim()}@${HOST}:${rpcPort}`);
        await this.tip();
        return true;
      },
      { deadline: 60_000, every: 200, explain: () => log },
    );
    if (failure) throw failure;
    if (!this.#child) throw new Error(`bitcoind ended at its start\n${log}`);
  }

  async stop() {
    await end(this.#child, 'SIGTERM');
    if (this.#directory) await rm(this.#directory, { recursive: true, force: true });
    this.#directory = null;
  }

  kill() {
    return end(this.#child, 'SIGKILL');
  }
}

/** A node that runs somewhere already. */
export class RunningNode extends RpcNode {
  kind = 'node that was already running';

  constructor(address, rpc) {
    super();
    const at = address.lastIndexOf(':');
    this.host = address.slice(0, at).replace(/^\[|\]$/g, '');
    this.port = Number(address.slice(at + 1));
    if (!this.host || !Number.isInteger(this.port) || this.port < 1) {
      throw new Error(`NODE_ADDR: expected host:port, found ${address}`);
    }
    this.canCommand = Boolean(rpc);
    if (rpc) this.setRpc(rpc);
  }

  async launch() {}
  async stop() {}
  async kill() {
    throw new Error('a node that was already running is not ended from here');
  }
}
