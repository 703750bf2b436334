/** The binary `farthing`: a node of its own network, the site that was built into it, and P2P to the nodes that it is given. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { HOST, freePort, listening } from '../../nodes/ports.js';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const program = process.env.FARTHING_BIN || `${root}target/release/farthing`;
/** The command line's words for another site than the one that was built in. */
export const site = process.env.FARTHING_DIST ? ['--site', process.env.FARTHING_DIST] : [];

/** Data directories of this process; they go when it does. */
const folders = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder() {
  if (!existsSync(program)) throw new Error(`${program} is not there: npm run test:nodes makes it`);
  const path = mkdtempSync(`${tmpdir()}/farthing-`);
  folders.push(path);
  return path;
}

export class Farthing {
  #nodes;
  #options;
  #child = null;
  port = 0;
  /** Where other nodes connect. */
  p2pPort = 0;
  /** Its data directory: kept from one start to the next. */
  data = '';

  /**
   * It will offer these nodes to the page, after its own.
   * @param nodes real nodes, on regtest
   * @param options `network`: its own network's name, else it makes one; `data`: a data directory, else
   *   an empty one; `peers`: nodes of its network, each `host:port`; `args`: more of the command line
   */
  constructor(nodes = [], options = {}) {
    this.#nodes = nodes;
    this.#options = options;
  }

  get url() {
    return `http://${HOST}:${this.port}/`;
  }

  /** `host:port` for the `peers` of another. */
  get p2p() {
    return `${HOST}:${this.p2pPort}`;
  }

  /** Starts it, on the same ports and with the same data as before if it ran before. */
  async start() {
    const { network, data, peers = [], args = [] } = this.#options;
    this.data ||= data ?? folder();
    this.port ||= await freePort();
    this.p2pPort ||= await freePort();
    const all = [
      ...['--data', this.data, '--listen', `${HOST}:${this.port}`, '--p2p', this.p2p],
      ...site,
      ...(network ? ['--network', network] : []),
      ...peers.flatMap((peer) => ['--peer', peer]),
      ...this.#nodes.flatMap((node) => ['--bitcoin', `regtest@${node.address}`]),
      // Nodes of several tests run at a time: none has the usual port.
      ...(args.includes('--stratum') ? [] : ['--stratum', 'none']),
      ...args,
    ];
    const child = spawn(program, all, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let log = '';
    const keep = (bytes) => {
      log = (log + bytes).slice(-4_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    await listening(HOST, this.port, { deadline: 15_000, explain: () => log });
  }

  /** What its API answers at this path. */
  async get(path) {
    const answer = await fetch(new URL(path, this.url));
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Its network, height, tip and peers. */
  health() {
    return this.get('/health');
  }

  /** Mines blocks to an address of its network, natively; the promise ends with the last one. */
  async mine(address, blocks = 1) {
    const args = ['mine', '--to', address, '--blocks', String(blocks), '--node', this.url];
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (bytes) => (said += bytes));
    child.stderr.on('data', (bytes) => (said += bytes));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`farthing ${args.join(' ')}: ${said}`);
  }

  /** Kills it (no farewell, nothing is written any more), and with it every connection to a node. */
  async stop() {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}
