// A clang that can write WebAssembly: libsecp256k1, which the crate `bitcoin` brings, is C. Apple's
// own clang cannot.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lockedVersion, wasmTarget } from '../lib/facts.js';
import { attempt, Failure, step } from '../lib/steps.js';
import { howToInstall, installPackages, isDebian, isMac } from '../lib/system.js';

const names = { debian: ['clang', 'llvm'], fedora: ['clang', 'llvm'], mac: ['llvm'] };
const variable = `CC_${wasmTarget.replaceAll('-', '_')}`;

/** Finds or installs it, and names it to cargo through the environment of this process. */
export async function setUpClang() {
  if (!usesC()) return;
  if (await find()) return;
  await installPackages('A clang that writes WebAssembly', names);
  if (!(await find())) {
    throw new Failure(
      `The installed clang does not write ${wasmTarget}. Name one that does:\n` +
        `  export ${variable}=/path/to/clang\n${howToInstall(names)}`,
    );
  }
}

function usesC() {
  return lockedVersion('secp256k1-sys') !== '';
}

async function find() {
  for (const clang of await candidates()) {
    if (!(await writesWasm(clang))) continue;
    process.env[variable] = clang;
    const archiver = join(dirname(clang), 'llvm-ar');
    // The system's ar on macOS makes archives that the linker takes for empty.
    if (isMac && existsSync(archiver)) process.env[variable.replace('CC', 'AR')] = archiver;
    await step('clang for WebAssembly', () => clang);
    return true;
  }
  return false;
}

async function candidates() {
  const given = process.env[variable];
  if (given) return [given];
  const found = ['clang'];
  if (isMac) {
    const prefix = await attempt('brew', ['--prefix', 'llvm']);
    if (prefix.code === 0) found.unshift(join(prefix.output.trim(), 'bin', 'clang'));
    found.push('/opt/homebrew/opt/llvm/bin/clang', '/usr/local/opt/llvm/bin/clang');
  }
  if (isDebian) for (let version = 22; version >= 13; version--) found.push(`clang-${version}`);
  return found;
}

/** @param {string} clang */
async function writesWasm(clang) {
  const folder = mkdtempSync(join(tmpdir(), 'farthing-clang-'));
  try {
    const [source, object] = [join(folder, 'a.c'), join(folder, 'a.o')];
    writeFileSync(source, 'int answer(void) { return 42; }\n');
    const found = await attempt(clang, [`--target=${wasmTarget}`, '-c', source, '-o', object]);
    return found.code === 0 && readFileSync(object).subarray(0, 4).equals(Buffer.from('\0asm'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
