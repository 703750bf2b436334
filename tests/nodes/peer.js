/** The smallest peer that shakes hands: over a WebSocket, as a page would, through a bridge. */
import { createHash, randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { until } from './ports.js';

export { WebSocket };

const MAGIC = Buffer.from('fabfb5da', 'hex');
const sha256d = (bytes) =>
  createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest();

/** A message as it is on the wire. */
export function frame(command, payload = Buffer.alloc(0), magic = MAGIC) {
  const header = Buffer.alloc(24);
  magic.copy(header);
  header.write(command, 4, 'ascii');
  header.writeUInt32LE(payload.length, 16);
  sha256d(payload).copy(header, 20, 0, 4);
  return Buffer.concat([header, payload]);
}

/** `version`: protocol 70015, no services, no relay. */
function version() {
  const payload = Buffer.alloc(86);
  payload.writeInt32LE(70015, 0);
  payload.writeBigInt64LE(BigInt(Math.floor(Date.now() / 1000)), 12);
  randomBytes(8).copy(payload, 72);
  return payload;
}

/** The hash of 80 bytes of header, in the order that people write. */
export const hashOf = (header) => Buffer.from(sha256d(header)).reverse().toString('hex');

export class RawPeer {
  #socket;
  #stream = Buffer.alloc(0);
  /** Messages that came, oldest first. */
  messages = [];
  /** Why the connection ended, if it did. */
  closed = null;

  /** Opens a WebSocket to a bridge and shakes hands. */
  static async connect(url) {
    const peer = new RawPeer();
    await peer.open(url);
    peer.send('version', version());
    await peer.wait('version');
    await peer.wait('verack');
    peer.send('verack');
    return peer;
  }

  open(url) {
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.on('message', (bytes) => this.#received(bytes));
    socket.on('close', (code) => (this.closed = code));
    return new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
  }

  #received(bytes) {
    this.#stream = Buffer.concat([this.#stream, bytes]);
    while (this.#stream.length >= 24) {
      const length = this.#stream.readUInt32LE(16);
      if (this.#stream.length < 24 + length) return;
      const command = this.#stream.toString('ascii', 4, 16).replace(/\0+$/, '');
      const payload = this.#stream.subarray(24, 24 + length);
      if (command === 'ping') this.send('pong', payload);
      this.messages.push({ command, payload });
      this.#stream = this.#stream.subarray(24 + length);
    }
  }

  send(command, payload) {
    this.sendBytes(frame(command, payload));
  }

  sendBytes(bytes) {
    this.#socket.send(bytes);
  }

  /** The first message of a command that came after the first `from` messages. */
  wait(command, from = 0) {
    return until(
      `the node says ${command}`,
      () => this.messages.slice(from).find((message) => message.command === command),
      {
        deadline: 10_000,
        explain: () =>
          `it said: ${this.messages.map((m) => m.command).join(' ')}; closed: ${this.closed}`,
      },
    );
  }

  /** Headers after a block, each 80 bytes. */
  async headersAfter(hash) {
    const from = this.messages.length;
    const request = Buffer.alloc(4 + 1 + 32 + 32);
    request.writeUInt32LE(70015, 0);
    request[4] = 1;
    Buffer.from(hash, 'hex').reverse().copy(request, 5);
    this.send('getheaders', request);
    const { payload } = await this.wait('headers', from);
    const wide = payload[0] === 0xfd;
    const count = wide ? payload.readUInt16LE(1) : payload[0];
    const start = wide ? 3 : 1;
    // A header is followed by a transaction count, which is zero.
    return Array.from({ length: count }, (_, i) =>
      payload.subarray(start + i * 81, start + i * 81 + 80),
    );
  }

  close() {
    this.#socket.terminate();
  }
}
