// The Rust compiler, its components and its WebAssembly target, as rust-toolchain.toml names them.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { toolchain } from '../lib/facts.js';
import { attempt, Failure, run, step } from '../lib/steps.js';

const howTo = `Rust's installer, rustup, is missing. Type:
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y
(macOS may also: brew install rustup; Fedora: sudo dnf install rustup && rustup-init -y)`;

export async function setUpRust() {
  await step('Rust', async () => {
    // rustup's own folder is not on the path of a shell that was open before it was installed.
    const bin = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin');
    if (existsSync(bin)) process.env.PATH = `${bin}${delimiter}${process.env.PATH ?? ''}`;

    const { channel, components, targets } = toolchain();
    if (await isComplete(channel, targets)) return `${channel}, already there`;
    if ((await attempt('rustup', ['--version'])).code !== 0) throw new Failure(howTo);
    const extras = [
      ...components.flatMap((name) => ['--component', name]),
      ...targets.flatMap((name) => ['--target', name]),
    ];
    await run('rustup', ['toolchain', 'install', channel, '--profile', 'minimal', ...extras]);
    if (!(await isComplete(channel, targets))) {
      throw new Failure(
        `Rust ${channel} was installed, but rustc does not find ${targets.join(', ')}. ` +
          `Look at: rustup show; rustc --print sysroot`,
      );
    }
    return `${channel}, installed`;
  });
}

/**
 * Asks the compiler, not rustup, so that a distribution's own Rust of that version serves as well.
 * @param {string} channel
 * @param {string[]} targets
 */
async function isComplete(channel, targets) {
  const version = await attempt('rustc', ['--version']);
  const sysroot = await attempt('rustc', ['--print', 'sysroot']);
  const helpers = await Promise.all(
    ['cargo-clippy', 'cargo-fmt'].map((name) => attempt(name, ['--version'])),
  );
  if (version.code !== 0 || sysroot.code !== 0 || helpers.some(({ code }) => code !== 0)) {
    return false;
  }
  const lib = join(sysroot.output.trim(), 'lib', 'rustlib');
  return (
    version.output.startsWith(`rustc ${channel} `) &&
    targets.every((target) => existsSync(join(lib, target, 'lib')))
  );
}
