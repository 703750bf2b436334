// What the fuzzer needs beside the rest: a nightly compiler, whose instrumentation is not in a
// stable one; a C++ compiler for libFuzzer; cargo-fuzz, under target/tools.

import { existsSync } from 'node:fs';
import { tools } from '../lib/facts.js';
import { attempt, Failure, run, step } from '../lib/steps.js';
import { howToInstall } from '../lib/system.js';

const version = '0.13.2';

export const cargoFuzz = `${tools}/bin/cargo-fuzz`;

export async function setUpFuzzer() {
  await step('nightly Rust', async () => {
    const found = await attempt('rustc', ['+nightly', '--version']);
    if (found.code === 0) return found.output.trim();
    throw new Failure(
      'The fuzzer needs a nightly Rust compiler. Type:\n' +
        '  rustup toolchain install nightly --profile minimal',
    );
  });
  await step('C++ for libFuzzer', async () => {
    for (const name of [process.env.CXX ?? 'c++', 'g++', 'clang++']) {
      if ((await attempt(name, ['--version'])).code === 0) return name;
    }
    const names = { debian: ['g++'], fedora: ['gcc-c++'], mac: ['llvm'] };
    throw new Failure(`The fuzzer needs a C++ compiler.\n${howToInstall(names)}`);
  });
  await step('cargo-fuzz', async () => {
    const there = await attempt(cargoFuzz, ['--version']);
    if (there.output.trim() === `cargo-fuzz ${version}` && existsSync(cargoFuzz)) {
      return `${version}, already there`;
    }
    const env = { CARGO_PROFILE_DEV_DEBUG: 'false', CARGO_TARGET_DIR: `${tools}/build` };
    const args = ['install', 'cargo-fuzz', '--version', version, '--root', tools];
    await run('cargo', [...args, '--locked', '--force', '--debug'], { env });
    return `${version}, installed`;
  });
}
