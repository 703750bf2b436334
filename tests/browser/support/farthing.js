/** The binary `farthing`: serves the site that was built into it and carries P2P to the nodes that it is given. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HOST, freePort, listening } from '../../nodes/index.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = process.env.FARTHING_BIN || `${root}target/release/farthing`;

export class Farthing {
  #nodes;
  #child = null;
  port = 0;

  /** It will offer these nodes to the page. */
  constructor(nodes) {
    this.#nodes = nodes;
  }

  get url() {
    return `http://${HOST}:${this.port}/`;
  }

  /** Starts it, on the same port as before if it ran before. */
  async start() {
    if (!existsSync(program))
      throw new Error(`${program} is not there: npm run test:nodes makes it`);
    this.port ||= await freePort();
    const nodes = this.#nodes.flatMap((node) => ['--bitcoin', `regtest@${node.address}`]);
    const child = spawn(program, ['--listen', `${HOST}:${this.port}`, ...nodes], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let log = '';
    const keep = (bytes) => {
      log = (log + bytes).slice(-4_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    await listening(HOST, this.port, { deadline: 15_000, explain: () => log });
  }

  /** Ends it, and with it every connection to a node. */
  async stop() {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}
