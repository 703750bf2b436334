/** The search's worker as it is built, and Bitcoin's first block for it to find. */
import { readFileSync, readdirSync } from 'node:fs';
import { root } from './farthing.js';

export const assets = `${root}dist/assets/`;

/** The script of the worker that loads such a module. */
export const workerWith = (module) =>
  readdirSync(assets).find(
    (name) => /^worker-.*\.js$/.test(name) && module.test(readFileSync(assets + name, 'utf8')),
  );

/** The script of the search's worker. */
export const script = workerWith(/work_bg-/);

/** Bitcoin's first block, up to its nonce. */
export const HEADER = `0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d`;
export const NONCE = 2_083_236_893;
export const HASH = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f';
/** A search for it that begins so many nonces before. */
export const firstBlock = (before) => ({
  header: `${HEADER}00000000`,
  target: `00000000ffff${'0'.repeat(52)}`,
  versionMask: 0,
  group: 0,
  from: NONCE - before,
  all: false,
});
