// What a look at the repository's files can tell.

import { readFileSync } from 'node:fs';
import { read, toolchain } from '../lib/facts.js';
import { Failure, root, run } from '../lib/steps.js';

/** The files that git holds or would hold. */
export async function tracked() {
  const output = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  return output.split('\0').filter(Boolean);
}

/** A lockfile that names a registry's host would bind everybody to that host. */
export async function checkLockfiles() {
  const lockfiles = (await tracked()).filter((path) => path.endsWith('package-lock.json'));
  for (const path of lockfiles) {
    const { packages } = JSON.parse(readFileSync(`${root}/${path}`, 'utf8'));
    for (const [name, { resolved, integrity, link }] of Object.entries(packages)) {
      if (resolved && !link) {
        throw new Failure(
          `${path}: ${name} names the address ${resolved}. Type: npm install, with ` +
            'omit-lockfile-registry-resolved=true in the .npmrc beside it',
        );
      }
      if (name && !integrity && !link) throw new Failure(`${path}: ${name} has no integrity hash`);
    }
  }
  return `${lockfiles.length} without an address`;
}

/** Ad blockers stop any file with this word in its address, and the page with it. */
export async function checkFileNames() {
  const blocked = (await tracked()).filter((path) => /^(www|src\/wasm)\/.*miner/i.test(path));
  if (blocked.length > 0) {
    throw new Failure(
      `ad blockers stop a page that loads these; find other names: ${blocked.join(', ')}`,
    );
  }
}

/** The compiler is stated for rustup and for cargo: both must say the same. */
export function checkToolchain() {
  const { channel } = toolchain();
  const stated = /^rust-version = "([^"]+)"/m.exec(read('Cargo.toml'))?.[1];
  if (stated && `${channel}.`.startsWith(`${stated}.`)) return channel;
  throw new Failure(
    `Cargo.toml: expected rust-version to be rust-toolchain.toml's ${channel}, found ${stated ?? 'none'}`,
  );
}
