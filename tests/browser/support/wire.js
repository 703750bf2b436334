/** A TCP wire between two nodes, which can be cut and mended while both go on. */
import { connect, createServer } from 'node:net';
import { HOST } from '../../nodes/ports.js';

export class Wire {
  #sockets = new Set();
  #whole = true;
  #server;
  #to;

  constructor(to) {
    this.#to = to;
  }

  /** What the other end connects to. */
  get address() {
    return `${HOST}:${this.#server.address().port}`;
  }

  async start() {
    this.#server = createServer((near) => {
      if (!this.#whole) return near.destroy();
      const far = connect(this.#to.p2p, HOST);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
    await new Promise((resolve) => this.#server.listen(0, HOST, resolve));
    return this;
  }

  /** Ends what goes through it now, and lets nothing through. */
  cut() {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#whole = true;
  }

  stop() {
    this.cut();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}
