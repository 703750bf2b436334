// The search for a nonce: the product's kernels natively and in a browser, and what others hash with.
// MINER=/path measures a mining program beside them: one that takes cpuminer's options.

import { spawn } from 'node:child_process';
import { figure } from './figures.js';
import { findFirefox } from './firefox.js';
import { inNode, inRust, of } from './programs.js';

const AREA = 'Search';
const SHAPE = /** @type {const} */ ({ area: AREA, unit: 'MH/s', good: 'most' });

/** @param {number[]} rates hashes a second */
const mega = (rates) => rates.map((rate) => rate / 1e6);

/** @param {number} rounds */
export async function measureSearch(rounds) {
  const native = await inRust('search', rounds);
  const browser = await inNode('search-worker.js', rounds);
  const miner = await cpuMiner(process.env.MINER);
  const library = { name: 'sha2 as a library', samples: mega(of(native, 'sha2, naive')) };
  const found = [...native.keys()]
    .filter((kernel) => kernel !== 'sha2, naive')
    .map((kernel) =>
      figure({
        ...SHAPE,
        name: `native, one thread: ${kernel === 'sha2' ? 'sha2, midstate' : kernel}`,
        samples: mega(of(native, kernel)),
        peers: [library, ...miner],
      }),
    );
  found.push(...inWorkers('in the browser', browser));
  const firefox = await findFirefox();
  if (firefox) {
    const measured = await inNode('search-worker.js', rounds, firefox.path);
    found.push(...inWorkers(`in ${firefox.version}`, measured));
  }
  found.push(...(await onGraphics(rounds, mega(of(browser, 'rolled')))));
  return [...found, ...times(native, browser)];
}

/**
 * The product's worker on the adapter that Chromium has, which is named.
 * @param {number} rounds
 * @param {number[]} core what a worker on a core makes
 */
async function onGraphics(rounds, core) {
  const measured = await inNode('search-graphics.js', rounds);
  return [...measured].map(([adapter, rates]) =>
    figure({
      ...SHAPE,
      name: `in the browser, WebGPU: ${adapter}`,
      samples: mega(rates),
      peers: [{ name: 'one worker on a core', samples: core }],
    }),
  );
}

/**
 * One worker and two of a browser, beside what others hash with there.
 * @param {string} where
 * @param {Map<string, number[]>} measured
 */
function inWorkers(where, measured) {
  const peer = (/** @type {string} */ name, /** @type {string} */ key) => ({
    name,
    samples: mega(of(measured, key)),
  });
  const others = [
    peer('@noble/hashes, naive', 'noble, naive'),
    peer('@noble/hashes, midstate', 'noble, midstate'),
    peer('hash-wasm', 'hash-wasm'),
    peer('WebCrypto', 'WebCrypto'),
    peer('sha2 in wasm, naive', 'sha2, naive'),
    peer('sha2 in wasm, midstate', 'sha2, midstate'),
  ];
  const kernels = [
    { key: 'simd', words: 'simd128' },
    { key: 'rolled', words: 'simd128, rolled versions' },
    { key: 'scalar', words: 'without simd128' },
  ];
  return kernels.flatMap(({ key, words }) => [
    figure({
      ...SHAPE,
      name: `${where}, one worker: ${words}`,
      samples: mega(of(measured, key)),
      peers: others,
    }),
    figure({
      ...SHAPE,
      name: `${where}, two workers: ${words}`,
      samples: mega(of(measured, `${key}, two workers`)),
      peers: [peer('one worker', key)],
    }),
  ]);
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
