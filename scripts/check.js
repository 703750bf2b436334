// Everything that a machine can judge without running the product: `npm run check`. It goes on
// after a failure, so that one run tells everything.

import { buildWorkers, simdEnvironment } from './build.js';
import { checkFileNames, checkLockfiles, checkToolchain } from './check/files.js';
import { checkMessages } from './check/messages.js';
import { checkMutants } from './check/mutants.js';
import { checkPurity } from './check/purity.js';
import { checkRooms } from './check/rooms.js';
import { checkThreats } from './check/threats.js';
import { wasmTarget } from './lib/facts.js';
import { command, Failure, run, step } from './lib/steps.js';
import { setUp } from './setup.js';

/** The crates that a browser loads. */
const wasmCrates = [
  'farthing-client-wasm',
  'farthing-keys-wasm',
  'farthing-work-wasm',
  'farthing-lab-wasm',
  'farthing-pool-wasm',
  'farthing-lab',
];
/** One compiler project for each kind of place that code runs in. */
const projects = ['www', 'www/workers', 'scripts'];

const warningsAreErrors = ['--', '-D', 'warnings'];

/** @type {string[]} */
const failures = [];

/**
 * @param {string} name
 * @param {() => unknown} work
 */
async function check(name, work) {
  try {
    await step(name, work);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failures.push(`${name}\n${error.message}`);
  }
}

/**
 * @param {string[]} args
 * @param {import('./lib/steps.js').RunOptions} [options]
 */
async function cargo(args, options) {
  await run('cargo', args, options);
}

/**
 * @param {string[]} args a script of a package, and its arguments
 * @param {import('./lib/steps.js').RunOptions} [options]
 */
async function node([script, ...args], options) {
  await run(process.execPath, [`node_modules/${script}`, ...args], options);
}

await command('Checking', async () => {
  await setUp();
  await check('lockfiles', checkLockfiles);
  await check('file names', checkFileNames);
  await check('compiler', checkToolchain);
  await check('rooms of the core', checkRooms);
  await check('threats', checkThreats);
  await check('mutants', checkMutants);
  const hint = 'Type: npm run format';
  await check('format: Rust', () => cargo(['fmt', '--all', '--check'], { hint }));
  await check('format: everything else', () =>
    node(['prettier/bin/prettier.cjs', '--check', '.'], { hint }),
  );
  const everything = ['--workspace', '--all-targets', '--all-features', '--locked'];
  await check('clippy', () => cargo(['clippy', ...everything, ...warningsAreErrors]));
  const inBrowser = wasmCrates.flatMap((name) => ['-p', name]);
  await check('clippy: WebAssembly', () =>
    cargo([
      ...['clippy', '--all-targets', '--locked', '--target', wasmTarget, ...inBrowser],
      ...warningsAreErrors,
    ]),
  );
  await check('clippy: WebAssembly with simd128', () =>
    cargo(
      [
        ...['clippy', '--all-targets', '--locked', '--target', wasmTarget],
        ...['-p', 'farthing-work-wasm', '--target-dir', 'target/simd', ...warningsAreErrors],
      ],
      { env: simdEnvironment },
    ),
  );
  await check('rustdoc', () =>
    cargo(['doc', '--workspace', '--no-deps', '--document-private-items', '--locked'], {
      env: { RUSTDOCFLAGS: '-D warnings' },
    }),
  );
  await check('the core and the lab are pure', checkPurity);
  await check('messages between page and worker', checkMessages);
  // The pages import what wasm-bindgen writes.
  await buildWorkers();
  for (const project of projects) {
    await check(`TypeScript: ${project}`, () => node(['typescript/bin/tsc', '-p', project]));
  }
  if (failures.length > 0) throw new Failure(failures.join('\n\n'));
});
