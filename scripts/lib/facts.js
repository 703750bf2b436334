// Versions and places, each read from the file that states it.

import { readFileSync } from 'node:fs';
import { Failure, root } from './steps.js';

/** @param {string} path relative to the repository's root */
export const read = (path) => readFileSync(`${root}/${path}`, 'utf8');

/** The compiler that rust-toolchain.toml names. */
export function toolchain() {
  const text = read('rust-toolchain.toml');
  const channel = /^channel = "([^"]+)"/m.exec(text)?.[1];
  const list = (/** @type {string} */ key) =>
    [...(new RegExp(`^${key} = \\[([^\\]]*)\\]`, 'm').exec(text)?.[1] ?? '').matchAll(/"([^"]+)"/g)]
      .map((match) => match[1])
      .filter((name) => name !== undefined);
  if (!channel) throw new Failure('rust-toolchain.toml: expected a line channel = "VERSION"');
  return { channel, components: list('components'), targets: list('targets') };
}

/** @param {string} name a package of Cargo.lock */
export function lockedVersion(name) {
  const found = new RegExp(`name = "${name}"\\nversion = "([^"]+)"`).exec(read('Cargo.lock'))?.[1];
  if (!found) throw new Failure(`Cargo.lock: expected a package named ${name}`);
  return found;
}

/** Where the tools are kept that this repository alone needs. */
export const tools = `${root}/target/tools`;
export const wasmTarget = 'wasm32-unknown-unknown';
