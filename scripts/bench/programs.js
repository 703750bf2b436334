// The programs that measure. Each prints a line of JSON for each measured thing, `{"name", "samples"}`;
// whatever else it has to say goes to its error output.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bindModule, compileModule } from '../build.js';
import { lockedVersion } from '../lib/facts.js';
import { stampedStep } from '../lib/stamps.js';
import { root, run, step } from '../lib/steps.js';

/** What is made once for all measurements. */
export const made = `${root}/target/bench`;

const native = `${root}/target/release/farthing-bench`;
const CRATE = 'farthing-bench';

/** @typedef {Map<string, number[]>} Samples by the name of what was measured */

/**
 * @param {string} output
 * @returns {Samples}
 */
function samples(output) {
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  return new Map(
    lines.map((line) => {
      const { name, samples } = JSON.parse(line);
      return [name, samples];
    }),
  );
}

/**
 * What a program measured under this name.
 * @param {Samples} found
 * @param {string} name
 */
export function of(found, name) {
  const one = found.get(name);
  if (!one) throw new Error(`expected a measurement of ${name}, found ${[...found.keys()]}`);
  return one;
}

/**
 * The native program in Rust.
 * @param {(string | number)[]} args
 */
export async function inRust(...args) {
  return samples(await run(native, args.map(String)));
}

/**
 * A script of tests/bench, in a process of its own.
 * @param {string} script
 * @param {(string | number)[]} args
 */
export async function inNode(script, ...args) {
  return samples(await run(process.execPath, [`tests/bench/${script}`, ...args.map(String)]));
}

export async function buildNative() {
  mkdirSync(made, { recursive: true });
  await step('bench, native: compile', async () => {
    await run('cargo', ['build', '--release', '-p', CRATE, '--locked']);
  });
}

/** The same code as a module for a browser's worker, made as the product's modules are. */
export async function buildModule() {
  let module = '';
  await step('bench, module: compile', async () => {
    module = await compileModule(CRATE, true, ['--lib']);
  });
  const bytes = readFileSync(`${root}/${module}`);
  const stamp = createHash('sha256').update(bytes).update(lockedVersion('wasm-bindgen'));
  const pkg = 'target/bench/pkg';
  const bound = `${pkg}/bench_bg.wasm`;
  await stampedStep(
    'bench, module: bind and optimise',
    { stamp: stamp.digest('hex'), made: bound, file: 'target/stamps/bench' },
    async () => {
      await bindModule(module, pkg, 'bench');
    },
  );
}

/**
 * A file of so many headers of the bare practice network, made once.
 * @param {number} count
 */
export async function practiceHeaders(count) {
  const path = `${made}/practice-${count}.bin`;
  if (!existsSync(path)) await run(native, ['make-headers', String(count), path]);
  return path;
}

/** Real headers, if the chain data is there. */
export function realHeaders() {
  const data = resolve(root, process.env.FARTHING_DATA ?? '../shared/data');
  const path = `${data}/headers/main_0_10236.bin`;
  return existsSync(path) ? path : undefined;
}
