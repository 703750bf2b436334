// Tests of Rust that run in a worker of a real browser. A module has no environment: the mutant's name
// is written into a copy of it.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { read, wasmTarget } from '../lib/facts.js';
import { fill } from '../lib/mutants.js';
import { attempt, root } from '../lib/steps.js';
import { wasmTestRunner } from '../setup/wasm-bindgen.js';
import { copy } from './copy.js';
import { build, locate, packages } from './programs.js';

const folder = `${root}/target/mutants/modules`;
/** Seconds for one test. */
const PATIENCE = 60;

/** Whether a test of Rust runs there. @param {string} path */
export const inBrowser = (path) =>
  path.startsWith('src/wasm/') && read(path).includes('#[wasm_bindgen_test]');

/** @type {import('../test-mutants.js').Prepare} */
export async function prepare(tests) {
  const paths = tests.map((test) => test.split('::')[0] ?? '');
  const args = ['--lib', '--target', wasmTarget, ...packages(paths)];
  const programs = await build(args, [wasmTestRunner]);
  mkdirSync(folder, { recursive: true });

  return async (tests, mutant) => {
    /** @type {string[]} */
    const passed = [];
    for (const test of tests) {
      const { program, folder: its, full } = locate(programs, test);
      const module = `${folder}/${basename(program)}`;
      writeFileSync(module, fill(readFileSync(program), mutant));
      // In the package's folder: the browser's settings are there.
      const options = {
        cwd: `${copy}/${its}`,
        env: { WASM_BINDGEN_TEST_TIMEOUT: `${PATIENCE}` },
      };
      const limited = [`${2 * PATIENCE}`, wasmTestRunner, module, '--exact', full];
      const { all } = await attempt('timeout', limited, options);
      if (all.includes(`test ${full} ... ok`)) passed.push(test);
    }
    return { passed, hung: false };
  };
}
