// The proof that the core and the lab are pure: compiled to WebAssembly with nothing thrown away,
// they import nothing, so that no clock, socket, randomness or JavaScript is within their reach. What
// the standard library answers without an import (a clock that panics, a file system that fails),
// clippy's lists in their clippy.toml forbid.

import { readFileSync } from 'node:fs';
import { wasmTarget } from '../lib/facts.js';
import { Failure, root, run } from '../lib/steps.js';

/**
 * @param {string} crate
 * @param {RegExp} known the name of a function that must be in what is looked at
 */
async function checkCrate(crate, known) {
  const args = ['rustc', '-p', crate, '--lib', '--crate-type', 'cdylib', '--locked'];
  // Without these the compiler and the linker drop all that no export reaches, imports included.
  const keep = ['--', '-C', 'link-dead-code', '-C', 'link-args=--no-gc-sections'];
  await run('cargo', [...args, '--target', wasmTarget, ...keep]);
  const file = `${root}/target/${wasmTarget}/debug/${crate.replaceAll('-', '_')}.wasm`;
  const bytes = readFileSync(file);
  if (!known.test(bytes.toString('latin1'))) {
    throw new Failure(`expected ${known} in the compiled ${crate}, and it is not there`);
  }
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  if (imports.length === 0) return;
  const names = imports.slice(0, 10).map(({ module, name }) => `  ${module} ${name}`);
  throw new Failure(
    `${crate} must import nothing, and it imports ${imports.length} functions:\n${names.join('\n')}\n` +
      `Look at: cargo tree -p ${crate} -e features --target ${wasmTarget}`,
  );
}

export async function checkPurity() {
  await checkCrate('farthing-core', /farthing_core[\w$.:]*client/);
  await checkCrate('farthing-lab', /farthing_lab[\w$.:]*scenario/);
  return 'they import nothing';
}
