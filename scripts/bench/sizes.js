// What a page downloads: the modules as they are built, and compressed as a host serves them.

import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { workers } from '../build.js';
import { root, run } from '../lib/steps.js';
import { figure } from './figures.js';

/** @typedef {{ raw: number, brotli: number }} Size in kB */

const AREA = 'Modules';
const peers = `${root}/tests/bench/node_modules`;

/** What the modules aim at, compressed. @type {Record<string, number>} */
const aims = { client: 300, keys: 100, work: 60 };

/**
 * What others load for a like purpose: none does just the same, so each is a measure of what is usual.
 * @type {Record<string, { name: string, bytes: () => Promise<Buffer> }[]>}
 */
const beside = {
  client: [{ name: 'smoldot (a light client)', bytes: smoldot }],
  keys: [
    {
      name: 'libsodium-sumo (script and module)',
      bytes: file('libsodium-sumo/dist/modules-sumo-esm/libsodium-sumo.mjs'),
    },
    { name: 'tiny-secp256k1', bytes: file('tiny-secp256k1/lib/secp256k1.wasm') },
  ],
};

/** @param {string} path */
function file(path) {
  return async () => readFileSync(`${peers}/${path}`);
}

/** smoldot's module is in its scripts, deflated and as text: it is what its own loader makes of it. */
async function smoldot() {
  const script =
    "import text from './smoldot/dist/mjs/internals/bytecode/wasm.js';" +
    "import { inflateSync } from 'node:zlib';" +
    "process.stdout.write(inflateSync(Buffer.from(text, 'base64')).toString('base64'));";
  const args = ['--input-type=module', '--eval', script];
  return Buffer.from(await run(process.execPath, args, { cwd: peers }), 'base64');
}

/**
 * @param {Buffer} bytes
 * @returns {Size}
 */
function size(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return { raw: bytes.length / 1000, brotli: brotliCompressSync(bytes, { params }).length / 1000 };
}

export async function measureSizes() {
  const found = [];
  for (const { name, pkg, simd } of workers) {
    const path = `${root}/${pkg}/${name}_bg.wasm`;
    if (!existsSync(path)) throw new Error(`expected a module at ${path}, found none`);
    const own = size(readFileSync(path));
    const others = [];
    for (const peer of beside[name] ?? []) {
      others.push({ name: peer.name, ...size(await peer.bytes()) });
    }
    for (const form of /** @type {const} */ (['brotli', 'raw'])) {
      found.push(
        figure({
          area: AREA,
          name: `${name} module${simd ? ' with simd128' : ''}, ${form}`,
          unit: 'kB',
          good: 'least',
          samples: [own[form]],
          peers: others.map((other) => ({ name: other.name, samples: [other[form]] })),
          ...(form === 'brotli' && aims[name] !== undefined ? { aim: aims[name] } : {}),
        }),
      );
    }
  }
  return found;
}
