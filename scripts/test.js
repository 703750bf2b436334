// Every test: the Rust ones natively, then in a worker of a real browser, then the pages against
// real nodes.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { simdEnvironment } from './build.js';
import { wasmTarget } from './lib/facts.js';
import { command, root, run, step } from './lib/steps.js';
import { setUp } from './setup.js';
import { wasmTestRunner } from './setup/wasm-bindgen.js';
import { testFiles, testWithNodes } from './test-nodes.js';

/** The crates with tests that run in a browser. */
const inBrowser = [
  'farthing-client-wasm',
  'farthing-keys-wasm',
  'farthing-work-wasm',
  'farthing-lab-wasm',
  'farthing-pool-wasm',
  'farthing-lab',
  'chain-data-tests',
];

/** Without real chain data the tests of it pass with nothing looked at. */
function sayWhatWasSkipped() {
  const data = resolve(root, process.env.FARTHING_DATA ?? '../shared/data');
  if (!existsSync(data)) {
    console.log(`  skipped: real chain data: none at ${data}; set FARTHING_DATA`);
  }
}

/**
 * @param {string[]} crates
 * @param {string[]} [options] of cargo
 * @param {Record<string, string>} [environment]
 */
async function testInBrowser(crates, options = [], environment = {}) {
  const packages = crates.flatMap((name) => ['-p', name]);
  await run('cargo', ['test', '--locked', '--target', wasmTarget, ...options, ...packages], {
    show: true,
    env: {
      ...environment,
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: wasmTestRunner,
      // Real chains are verified there; the default of 20 s is for small tests.
      WASM_BINDGEN_TEST_TIMEOUT: '300',
    },
  });
}

await command('Testing', async () => {
  await setUp({ tests: true });
  sayWhatWasSkipped();
  await step('Rust tests: compile', async () => {
    await run('cargo', ['test', '--workspace', '--locked', '--no-run']);
  });
  await step('Rust tests', async () => {
    await run('cargo', ['test', '--workspace', '--locked', '--', '--quiet'], { show: true });
  });
  await step("Tests of the pages' own logic", async () => {
    await run(process.execPath, ['--test', ...testFiles('tests/pages')], { show: true });
  });
  await step('Rust tests in a browser', async () => {
    await testInBrowser(inBrowser);
    // The other of the search's two modules.
    const folder = ['--target-dir', 'target/simd'];
    await testInBrowser(['farthing-work-wasm'], folder, simdEnvironment);
    // Whether secrets are wiped depends on what the optimiser makes of it.
    await testInBrowser(['farthing-keys-wasm'], ['--profile', 'wasm']);
  });
  await testWithNodes();
  sayWhatWasSkipped();
});
