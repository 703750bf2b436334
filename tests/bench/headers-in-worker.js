/** In a worker: the core's module with some headers in its memory, and a peer. Messages in, done out. */
import init, { Headers } from '/made/pkg/bench.js';
import { sha256 } from '/scripts/node_modules/@noble/hashes/sha2.js';

const SIZE = 80;
let headers;
let bytes;

const does = {
  async load({ network, url }) {
    await init();
    bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    headers = new Headers(network, bytes);
  },
  count: () => ({ count: bytes.length / SIZE }),
  verify: () => void headers.verify(),
  lanes: () => void headers.checkInLanes(),
  plainly: () => void headers.checkPlainly(),
  noble() {
    for (let at = 0; at < 10_000 * SIZE; at += SIZE) sha256(sha256(bytes.subarray(at, at + SIZE)));
  },
};

self.onmessage = async ({ data }) => {
  try {
    self.postMessage((await does[data.type](data)) ?? {});
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
