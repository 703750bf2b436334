/** The default node: bcoin, in a process of its own. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { end } from './child.js';
import { Node } from './node.js';
import { freePort } from './ports.js';

const PROCESS = fileURLToPath(new URL('bcoin-process.cjs', import.meta.url));

export class BcoinNode extends Node {
  kind = 'bcoin';
  /** Where it answers JSON-RPC, once it runs. */
  rpc = null;
  #child = null;
  #waiting = new Map();
  #next = 0;
  #log = '';

  async launch() {
    const child = fork(PROCESS, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child = child;
    const keep = (bytes) => {
      this.#log = (this.#log + bytes).slice(-8_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('message', ({ id, result, error }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(`bcoin: ${error}`));
    });
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.#child = null;
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`bcoin ended (${signal ?? code})\n${this.#log}`));
      }
      this.#waiting.clear();
    });
    const httpPort = await freePort();
    this.rpc = `http://any:any@${this.host}:${httpPort}`;
    await this.#call('start', { host: this.host, port: this.port, httpPort });
  }

  #call(method, ...args) {
    const child = this.#child;
    if (!child) return Promise.reject(new Error(`bcoin does not run; ${method} was asked of it`));
    const id = (this.#next += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.send({ id, method, args });
    });
  }

  // All that it has is in memory: there is nothing to be saved before it ends.
  stop() {
    return end(this.#child, 'SIGTERM');
  }

  kill() {
    return end(this.#child, 'SIGKILL');
  }

  tip() {
    return this.#call('tip');
  }

  hashAt(height) {
    return this.#call('hashAt', height);
  }

  block(hash) {
    return this.#call('block', hash);
  }

  generate(count, script) {
    return this.#call('mine', count, script);
  }

  submitBlock(hex) {
    return this.#call('submitBlock', hex);
  }

  send(hex) {
    return this.#call('send', hex);
  }

  mempool() {
    return this.#call('mempool');
  }

  link(host, port) {
    return this.#call('link', host, port);
  }

  unlink(host, port) {
    return this.#call('unlink', host, port);
  }

  peers() {
    return this.#call('peers');
  }
}
