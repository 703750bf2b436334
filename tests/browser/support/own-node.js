/** The binary `farthing` as a whole node of a network of its own: started, killed, mined with, parted. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HOST, freePort, until } from '../../nodes/ports.js';
import { program, root, site } from './farthing.js';

const run = promisify(execFile);
let networks = 0;

/** A network that nobody else has, so that chains of different tests never meet. */
export const newNetwork = (kind = 'practice') => `${kind}:test-${process.pid}-${(networks += 1)}`;

export class OwnNode {
  #child = null;
  #data = '';
  #options;
  #log = '';
  network;
  port = 0;
  p2p = 0;

  /** `peers`: nodes to stay connected to; `arguments`: whatever else goes on its command line. */
  constructor({ network = newNetwork(), peers = [], host = HOST, args = [] } = {}) {
    this.network = network;
    this.#options = { peers, host, args };
  }

  /** Where its site is. */
  get url() {
    return `http://${this.#options.host}:${this.port}/`;
  }

  /** Its folder, once it was started. */
  get data() {
    return this.#data;
  }

  /** Where other nodes connect. */
  get address() {
    return `${HOST}:${this.p2p}`;
  }

  /** Starts it, on the ports and with the data that it had. */
  async start() {
    this.#data ||= await mkdtemp(join(tmpdir(), 'farthing-'));
    this.port ||= await freePort();
    this.p2p ||= await freePort();
    const { peers, args } = this.#options;
    const child = spawn(
      program,
      [
        ...['--data', this.#data, ...site, ...(this.network ? ['--network', this.network] : [])],
        ...['--listen', `${HOST}:${this.port}`, '--p2p', this.address],
        // Nodes of several tests run at a time: none has the usual port.
        ...(args.includes('--stratum') ? [] : ['--stratum', 'none']),
        ...peers.flatMap((peer) => ['--peer', peer.address]),
        ...args,
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child = child;
    const keep = (bytes) => (this.#log = (this.#log + bytes).slice(-6_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('exit', (code, signal) => keep(`ended: ${code ?? signal}\n`));
    await until('the node answers', () => this.health(), {
      deadline: 15_000,
      explain: () => this.#log,
    });
    return this;
  }

  /** Kills it, as a machine that loses its power would. */
  async kill() {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Starts it again without a peer: it stands alone. */
  part() {
    return this.join([]);
  }

  /** Starts it again with these peers. */
  async join(peers) {
    await this.kill();
    this.#options.peers = peers;
    await this.start();
  }

  /** Starts it again: its site offers these nodes as well, through its bridge. */
  async offer(nodes) {
    await this.kill();
    const bridged = nodes.flatMap(({ network, address }) => ['--bitcoin', `${network}@${address}`]);
    this.#options.args = [...this.#options.args, ...bridged];
    await this.start();
  }

  /** Kills it and forgets its data. */
  async stop() {
    await this.kill();
    if (this.#data) await rm(this.#data, { recursive: true, force: true });
  }

  /** What it says of itself. */
  async health() {
    const response = await fetch(`http://${HOST}:${this.port}/health`);
    if (!response.ok) throw new Error(`the node answers ${response.status}`);
    return response.json();
  }

  /** Waits for something that it says of itself. */
  async seeHealth(what, right, { deadline = 20_000 } = {}) {
    return until(
      what,
      async () => {
        const health = await this.health();
        if (!right(health)) throw new Error(JSON.stringify(health));
        return health;
      },
      { deadline, explain: () => this.#log },
    );
  }

  /** Mines as a person at the command line does. */
  async mine(blocks, address) {
    const before = (await this.health()).height;
    const args = ['mine', '--to', address, '--blocks', String(blocks), '--threads', '2'];
    await run(program, [...args, '--node', `http://${HOST}:${this.port}`], { timeout: 120_000 });
    return this.seeHealth(`${blocks} more blocks`, ({ height }) => height >= before + blocks);
  }

  /** Hands over a raw transaction in hex. */
  async submit(hex) {
    const response = await fetch(`http://${HOST}:${this.port}/api/transaction`, {
      method: 'POST',
      body: hex,
    });
    return response.json();
  }

  /** What it would mine next. */
  async template() {
    return (await fetch(`http://${HOST}:${this.port}/api/template`)).json();
  }
}
