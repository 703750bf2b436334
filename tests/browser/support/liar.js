/** A pool that lies, over TCP: it speaks Stratum well enough to be believed, and then does not. */
import { createServer } from 'node:net';
import { HOST } from '../../nodes/ports.js';

/** The two pieces of a coinbase whose script has room for the extra nonces (4 and 4 bytes). */
const BEFORE = `01000000${'01'}${'00'.repeat(32)}ffffffff${'0b'}510950`;
const AFTER = `ffffffff${'01'}00f2052a01000000${'01'}51${'00000000'}`;

/** What it says of a job: the header's fields, and a block's target that no tab meets. */
const job = (id, { before = BEFORE, after = AFTER } = {}) => {
  const time = Math.floor(Date.now() / 1000).toString(16);
  return [String(id), '11'.repeat(32), before, after, [], '20000000', '1d00ffff', time, true];
};

/** What each does once a miner is authorized; `say` sends a request that wants no answer. */
const LIES = {
  /** Every few hashes is a share. */
  easy(say) {
    say('mining.set_difficulty', [1e-9]);
    say('mining.notify', job(1));
  },
  /** The pieces make no coinbase. */
  coinbase(say) {
    say('mining.set_difficulty', [1]);
    say('mining.notify', job(1, { after: 'ff'.repeat(20) }));
  },
  /** Jobs as fast as the socket takes them. */
  jobs(say, socket) {
    say('mining.set_difficulty', [1]);
    let id = 0;
    const more = () => {
      while (!socket.destroyed && id < 100_000 && say('mining.notify', job((id += 1))));
      if (!socket.destroyed && id < 100_000) socket.once('drain', more);
    };
    more();
  },
  /** A line without an end. */
  line(_, socket) {
    const piece = ' '.repeat(64 << 10);
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
      if (!socket.destroyed) socket.once('drain', more);
    };
    more();
  },
};

/** The pool of one lie; `silence` takes the connection and never says a word. */
export class Liar {
  #lie;
  #server;
  #sockets = new Set();

  constructor(lie) {
    this.#lie = lie;
  }

  get address() {
    return `${HOST}:${this.#server.address().port}`;
  }

  async start() {
    this.#server = createServer((socket) => this.#meet(socket));
    await new Promise((resolve) => this.#server.listen(0, HOST, resolve));
    return this;
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #meet(socket) {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    if (this.#lie === 'silence') return socket.resume();
    let held = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      const lines = (held + text).split('\n');
      held = lines.pop();
      for (const line of lines.filter(Boolean)) this.#answer(socket, JSON.parse(line));
    });
  }

  #answer(socket, { id, method }) {
    const write = (message) => socket.write(`${JSON.stringify(message)}\n`);
    const results = {
      'mining.subscribe': [[['mining.notify', 'a']], 'deadbeef', 4],
      'mining.authorize': true,
      'mining.configure': { 'version-rolling': true, 'version-rolling.mask': '1fffe000' },
      'mining.submit': true,
    };
    if (method in results) write({ id, result: results[method], error: null });
    else write({ id, result: null, error: [20, 'unknown', null] });
    const say = (name, params) => write({ id: null, method: name, params });
    if (method === 'mining.authorize') LIES[this.#lie](say, socket);
  }
}
