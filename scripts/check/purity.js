// The proof that the core is pure: compiled to WebAssembly with nothing thrown away, it imports
// nothing, so that no clock, socket, randomness or JavaScript is within its reach. What the
// standard library answers without an import (a clock that panics, a file system that fails),
// clippy's list in src/core/clippy.toml forbids.

import { readFileSync } from 'node:fs';
import { wasmTarget } from '../lib/facts.js';
import { Failure, root, run } from '../lib/steps.js';

export async function checkPurity() {
  const args = ['rustc', '-p', 'farthing-core', '--lib', '--crate-type', 'cdylib', '--locked'];
  // Without these the compiler and the linker drop all that no export reaches, imports included.
  const keep = ['--', '-C', 'link-dead-code', '-C', 'link-args=--no-gc-sections'];
  await run('cargo', [...args, '--target', wasmTarget, ...keep]);
  const bytes = readFileSync(`${root}/target/${wasmTarget}/debug/farthing_core.wasm`);
  // The names of functions show that the client itself is in what was looked at.
  if (!/farthing_core[\w$.:]*client/.test(bytes.toString('latin1'))) {
    throw new Failure('expected the client in the compiled core, and it is not there');
  }
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  if (imports.length === 0) return 'it imports nothing';
  const names = imports.slice(0, 10).map(({ module, name }) => `  ${module} ${name}`);
  throw new Failure(
    `the core must import nothing, and it imports ${imports.length} functions:\n${names.join('\n')}\n` +
      'Look at: cargo tree -p farthing-core -e features --target wasm32-unknown-unknown',
  );
}
