// Everything that a machine can judge without running the product: `npm run check`.

import { existsSync } from 'node:fs';
import { buildWorkers } from './build.js';
import { checkFileNames, checkLockfiles } from './check/files.js';
import { checkMessages } from './check/messages.js';
import { checkPurity } from './check/purity.js';
import { checkThreats } from './check/threats.js';
import { wasmTarget } from './lib/facts.js';
import { command, root, run, step } from './lib/steps.js';
import { setUp } from './setup.js';

/** The crates that a browser loads. */
const wasmCrates = ['farthing-client-wasm'];
/** One compiler project for each kind of place that code runs in. */
const projects = ['www', 'www/workers', 'scripts', 'tests/browser', 'tests/nodes'];

const warningsAreErrors = ['--', '-D', 'warnings'];

await command('Checking', async () => {
  await setUp();
  await step('lockfiles', checkLockfiles);
  await step('file names', checkFileNames);
  await step('threats', checkThreats);
  await step('format: Rust', async () => {
    await run('cargo', ['fmt', '--all', '--check'], { hint: 'Type: npm run format' });
  });
  await step('format: everything else', async () => {
    const args = ['node_modules/prettier/bin/prettier.cjs', '--check', '.'];
    await run(process.execPath, args, { hint: 'Type: npm run format' });
  });
  await step('clippy', async () => {
    const args = ['clippy', '--workspace', '--all-targets', '--all-features', '--locked'];
    await run('cargo', [...args, ...warningsAreErrors]);
  });
  await step('clippy: WebAssembly', async () => {
    const packages = wasmCrates.flatMap((name) => ['-p', name]);
    const args = ['clippy', '--all-targets', '--target', wasmTarget, '--locked', ...packages];
    await run('cargo', [...args, ...warningsAreErrors]);
  });
  await step('rustdoc', async () => {
    const args = ['doc', '--workspace', '--no-deps', '--document-private-items', '--locked'];
    await run('cargo', args, { env: { RUSTDOCFLAGS: '-D warnings' } });
  });
  await step('the core is pure', checkPurity);
  await step('messages between page and worker', checkMessages);
  // The pages import what wasm-bindgen writes.
  await buildWorkers();
  for (const project of projects) {
    if (!existsSync(`${root}/${project}/tsconfig.json`)) continue;
    await step(`TypeScript: ${project}`, async () => {
      await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project]);
    });
  }
});
