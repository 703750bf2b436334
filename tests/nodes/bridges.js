/** Bridges from a WebSocket to a node's TCP port. */
import { spawn } from 'node:child_process';
import { HOST, freePort, listening } from './ports.js';

/** websockify, which nobody here wrote: Debian's package, or `pip install websockify`. */
export class Websockify {
  #target;
  #child = null;
  port = 0;

  constructor(host, port) {
    this.#target = `${host}:${port}`;
  }

  get url() {
    return `ws://${HOST}:${this.port}`;
  }

  async start() {
    this.port ||= await freePort();
    const program = process.env.WEBSOCKIFY || 'websockify';
    const child = spawn(program, [`${HOST}:${this.port}`, this.#target], {
      // It starts a process for each connection: a group of its own ends them all.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let log = '';
    const keep = (bytes) => {
      log = (log + bytes).slice(-4_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => keep(`${program}: ${error.message}`));
    await listening(HOST, this.port, { explain: () => log });
  }

  /** Ends it and every connection that it carries. */
  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    this.#child = null;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }
}
