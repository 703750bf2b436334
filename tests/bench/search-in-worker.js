/** In a worker: the product's two modules of the search, and what others hash with. Messages in, done out. */
import initBench, { hash_plainly, search_by } from '/made/pkg/bench.js';
import * as simd from '/search/work.js';
import * as scalar from '/search/scalar/work.js';
import { sha256 } from '/scripts/node_modules/@noble/hashes/sha2.js';
import { createSHA256 } from '/scripts/node_modules/hash-wasm/dist/index.esm.js';

/** BIP320's bits. */
const ROLLING = 0x1fffe000;
/** As long as the worker lets the product's slices be, about. */
const SLICE = 2 ** 19;

const header = new Uint8Array(80).fill(7);
const nonce = new DataView(header.buffer, 76);
const searchers = new Map();
let other;

/** As the product's worker searches: in slices, for what is never found. */
function search(name, hashes) {
  const searcher = searchers.get(name);
  for (let done = 0; done < hashes; done += SLICE) {
    const count = Math.min(SLICE, hashes - done) / searcher.versions;
    searcher.search(0, done, count).free();
  }
}

/** One header after the other. */
function each(hashes, hash) {
  for (let at = 0; at < hashes; at += 1) {
    nonce.setUint32(0, at, true);
    hash(at);
  }
}

const does = {
  async load() {
    await Promise.all([initBench(), simd.default(), scalar.default()]);
    const job = ['07'.repeat(80), '00'.repeat(32)];
    searchers.set('simd', new simd.Searcher(...job, 0));
    searchers.set('rolled', new simd.Searcher(...job, ROLLING));
    searchers.set('scalar', new scalar.Searcher(...job, 0));
    other = await createSHA256();
  },
  simd: (hashes) => search('simd', hashes),
  rolled: (hashes) => search('rolled', hashes),
  scalar: (hashes) => search('scalar', hashes),
  'sha2, midstate': (hashes) => search_by('sha2', 0, 0, hashes),
  'sha2, naive': (hashes) => hash_plainly(0, hashes),
  'noble, naive': (hashes) => each(hashes, () => sha256(sha256(header))),
  'noble, midstate'(hashes) {
    const midstate = sha256.create().update(header.subarray(0, 64));
    each(hashes, () => sha256(midstate.clone().update(header.subarray(64)).digest()));
  },
  'hash-wasm'(hashes) {
    const once = (bytes) => other.init().update(bytes).digest('binary');
    each(hashes, () => once(once(header)));
  },
  async WebCrypto(hashes) {
    for (let at = 0; at < hashes; at += 1) {
      nonce.setUint32(0, at, true);
      const first = await crypto.subtle.digest('SHA-256', header);
      await crypto.subtle.digest('SHA-256', first);
    }
  },
};

self.onmessage = async ({ data }) => {
  try {
    await does[data.type](data.hashes);
    self.postMessage({});
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
