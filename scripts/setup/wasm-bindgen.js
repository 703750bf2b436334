// wasm-bindgen's command line, of exactly the version that Cargo.lock holds, under target/tools.

import { existsSync } from 'node:fs';
import { lockedVersion, tools } from '../lib/facts.js';
import { attempt, run, step } from '../lib/steps.js';

const bin = `${tools}/bin`;

export const wasmBindgen = `${bin}/wasm-bindgen`;
export const wasmTestRunner = `${bin}/wasm-bindgen-test-runner`;

export async function setUpWasmBindgen() {
  await step('wasm-bindgen', async () => {
    const version = lockedVersion('wasm-bindgen');
    const there = await attempt(wasmBindgen, ['--version']);
    if (there.output.trim() === `wasm-bindgen ${version}` && existsSync(wasmTestRunner)) {
      return `${version}, already there`;
    }
    const args = ['install', 'wasm-bindgen-cli', '--version', version, '--root', tools];
    // A light optimisation: it runs for a second and would be compiled for minutes.
    const env = {
      CARGO_PROFILE_DEV_OPT_LEVEL: '1',
      CARGO_PROFILE_DEV_DEBUG: 'false',
      CARGO_TARGET_DIR: `${tools}/build`,
    };
    const quick = [...args, '--force', '--debug'];
    // The lock file in the package may name a crate that was withdrawn since.
    const locked = await attempt('cargo', [...quick, '--locked'], { env });
    if (locked.code !== 0) await run('cargo', quick, { env });
    return `${version}, installed`;
  });
}
