// Sets up all that Farthing needs and skips what is there. `npm start` and `npm test` begin with
// it; by hand: `npm run setup`, or `npm run setup -- --tests` for what the tests need as well.

import { pathToFileURL } from 'node:url';
import { command } from './lib/steps.js';
import { setUpBrowser } from './setup/browser.js';
import { setUpClang } from './setup/clang.js';
import { checkNode, setUpPackages, setUpTestPackages } from './setup/packages.js';
import { setUpRust } from './setup/rust.js';
import { setUpWasmBindgen } from './setup/wasm-bindgen.js';

/** @param {{ tests?: boolean }} [options] */
export async function setUp({ tests = false } = {}) {
  checkNode();
  await setUpRust();
  await setUpClang();
  await setUpPackages();
  if (tests) {
    await setUpBrowser();
    await setUpTestPackages();
  }
  await setUpWasmBindgen();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tests = process.argv.includes('--tests');
  await command('Setting up', () => setUp({ tests }));
}
