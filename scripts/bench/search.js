// The search for a nonce: the product's kernels natively and in a browser, and what others hash with.
// MINER=/path measures a mining program beside them: one that takes cpuminer's options.

import { spawn } from 'node:child_process';
import { figure } from './figures.js';
import { inNode, inRust, of } from './programs.js';

const AREA = 'Search';
const UNIT = 'MH/s';

/** @param {number[]} rates hashes a second */
const mega = (rates) => rates.map((rate) => rate / 1e6);

/** @param {number} rounds */
export async function measureSearch(rounds) {
  const native = await inRust('search', rounds);
  const browser = await inNode('search-worker.js', rounds);
  const miner = await cpuMiner(process.env.MINER);
  /** @type {(name: string, measured: Map<string, number[]>, key: string) => import('./figures.js').Measured} */
  const peer = (name, measured, key) => ({ name, samples: mega(of(measured, key)) });
  const shape = /** @type {const} */ ({ area: AREA, unit: UNIT, good: 'most' });
  const library = peer('sha2 as a library', native, 'sha2, naive');
  const others = [
    peer('@noble/hashes, naive', browser, 'noble, naive'),
    peer('@noble/hashes, midstate', browser, 'noble, midstate'),
    peer('hash-wasm', browser, 'hash-wasm'),
    peer('WebCrypto', browser, 'WebCrypto'),
    peer('sha2 in wasm, naive', browser, 'sha2, naive'),
    peer('sha2 in wasm, midstate', browser, 'sha2, midstate'),
  ];
  const found = [...native.keys()]
    .filter((kernel) => kernel !== 'sha2, naive')
    .map((kernel) =>
      figure({
        ...shape,
        name: `native, one thread: ${kernel === 'sha2' ? 'sha2, midstate' : kernel}`,
        samples: mega(of(native, kernel)),
        peers: [library, ...miner],
      }),
    );
  const inBrowser = [
    { key: 'simd', words: 'simd128' },
    { key: 'rolled', words: 'simd128, rolled versions' },
    { key: 'scalar', words: 'without simd128' },
  ];
  for (const { key, words } of inBrowser) {
    for (const workers of ['one worker', 'two workers']) {
      const two = workers === 'two workers';
      found.push(
        figure({
          ...shape,
          name: `in the browser, ${workers}: ${words}`,
          samples: mega(of(browser, two ? `${key}, two workers` : key)),
          peers: two ? [{ name: 'one worker', samples: mega(of(browser, key)) }] : others,
        }),
      );
    }
  }
  return [...found, ...times(native, browser)];
}

/**
 * What a worker aims at beside others, as a ratio in each round.
 * @param {Map<string, number[]>} native
 * @param {Map<string, number[]>} browser
 */
function times(native, browser) {
  const own = of(browser, 'rolled');
  const aims = [
    { name: '@noble/hashes, naive', beside: of(browser, 'noble, naive'), aim: 30 },
    { name: '@noble/hashes, midstate', beside: of(browser, 'noble, midstate'), aim: 20 },
    { name: 'our scalar kernel, native', beside: of(native, 'scalar'), aim: 2.5 },
    {
      name: 'our four lanes, native, rolled versions too',
      beside: of(native, 'four lanes, rolled versions'),
      aim: 0.85,
    },
  ];
  const shape = /** @type {const} */ ({ area: AREA, unit: 'times', good: 'most' });
  const ratio = (/** @type {number[]} */ rates, /** @type {number[]} */ beside) =>
    rates.map((rate, round) => rate / (beside[round] ?? Number.NaN));
  return [
    ...aims.map(({ name, beside, aim }) =>
      figure({ ...shape, name: `one worker beside ${name}`, samples: ratio(own, beside), aim }),
    ),
    figure({
      ...shape,
      name: 'two workers beside one',
      samples: ratio(of(browser, 'rolled, two workers'), own),
      aim: 1.8,
    }),
  ];
}

/** How long a mining program is heard, in milliseconds. */
const HEARD = 20_000;
const PREFIXES = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/**
 * The rates that a mining program tells of itself, on one thread.
 * @param {string | undefined} path
 * @returns {Promise<import('./figures.js').Measured[]>}
 */
async function cpuMiner(path) {
  if (!path) {
    console.log('    skipped: a CPU miner to measure beside: set MINER=/path/to/minerd');
    return [];
  }
  const child = spawn(path, ['-a', 'sha256d', '--benchmark', '-t', '1']);
  let said = '';
  const hear = (/** @type {Buffer} */ bytes) => (said += bytes.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const timer = setTimeout(() => child.kill(), HEARD);
  await new Promise((resolve) => child.once('error', resolve).once('close', resolve));
  clearTimeout(timer);
  const told = [...said.matchAll(/([\d.]+) *([kMG]?)(?:hash|hashes|H)\/s/g)];
  const samples = told.map(([, number, prefix]) => {
    return (Number(number) * PREFIXES[/** @type {keyof typeof PREFIXES} */ (prefix)]) / 1e6;
  });
  if (samples.length === 0) throw new Error(`expected ${path} to tell a rate, found: ${said}`);
  return [{ name: 'the CPU miner', samples }];
}
