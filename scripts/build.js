// Builds the site into dist/: plain files for any static host, with the headers to serve them with
// in `_headers`. A stage whose inputs did not change is skipped.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { writeDeclarations } from './lib/embed.js';
import { lockedVersion, wasmTarget } from './lib/facts.js';
import { hashOf, stampedStep } from './lib/stamps.js';
import { command, Failure, root, run, step } from './lib/steps.js';
import { setUp } from './setup.js';
import { wasmBindgen } from './setup/wasm-bindgen.js';

/**
 * The modules of the workers that are Rust: crate, and the folder that its page side imports. `simd`: it
 * needs a browser that has `simd128`.
 * @type {{ crate: string, name: string, pkg: string, simd?: boolean }[]}
 */
export const workers = [
  { crate: 'farthing-client-wasm', name: 'client', pkg: 'www/workers/client/pkg', simd: true },
  { crate: 'farthing-keys-wasm', name: 'keys', pkg: 'www/workers/keys/pkg' },
  { crate: 'farthing-work-wasm', name: 'work', pkg: 'www/workers/work/pkg', simd: true },
  { crate: 'farthing-work-wasm', name: 'work', pkg: 'www/workers/work/pkg/scalar' },
  { crate: 'farthing-lab-wasm', name: 'lab', pkg: 'www/workers/lab/pkg' },
  { crate: 'farthing-pool-wasm', name: 'pool', pkg: 'www/workers/pool/pkg' },
];

// What the compiler already wrote, so that wasm-opt assumes no more of a browser than that.
const wasmFeatures = [
  'bulk-memory',
  'mutable-globals',
  'multivalue',
  'nontrapping-float-to-int',
  'reference-types',
  'sign-ext',
  'simd',
].map((name) => `--enable-${name}`);

/**
 * Cargo's environment for a module that strangers load: it names no folder of this machine. And it
 * holds nothing of secp256k1, which comes with the bitcoin crate and whose C would be kept for its two
 * exported functions alone; nothing calls it, or the module would not load.
 */
const flags = [
  '--cfg=rust_secp_no_symbol_renaming',
  `--remap-path-prefix=${process.env.CARGO_HOME ?? `${homedir()}/.cargo`}=/cargo`,
  `--remap-path-prefix=${process.env.RUSTUP_HOME ?? `${homedir()}/.rustup`}=/rustup`,
  `--remap-path-prefix=${root}=/farthing`,
];
export const wasmEnvironment = { RUSTFLAGS: flags.join(' ') };
export const simdEnvironment = { RUSTFLAGS: [...flags, '-Ctarget-feature=+simd128'].join(' ') };

/**
 * Compiles a crate to a module, and gives its path. A folder for each kind: Cargo would make the crates of
 * this workspace again whenever the flags change.
 * @param {string} crate
 * @param {boolean} simd
 * @param {string[]} [options]
 */
export async function compileModule(crate, simd, options = []) {
  const folder = simd ? 'target/simd' : 'target';
  await run(
    'cargo',
    [
      ...['build', '-p', crate, ...options, '--target', wasmTarget, '--profile', 'wasm'],
      ...['--locked', '--target-dir', folder],
    ],
    { env: simd ? simdEnvironment : wasmEnvironment },
  );
  return `${folder}/${wasmTarget}/wasm/${crate.replaceAll('-', '_')}.wasm`;
}

export async function buildWorkers() {
  for (const { crate, name, pkg, simd = false } of workers) {
    const words = `${name} worker${simd ? ', simd128' : ''}`;
    let module = '';
    await step(`${words}: compile`, async () => {
      module = await compileModule(crate, simd);
      return kilobytes(module);
    });
    const stamp = createHash('sha256')
      .update(readFileSync(`${root}/${module}`))
      .update(lockedVersion('wasm-bindgen'))
      .update(hashOf(['package-lock.json', 'scripts/build.js']))
      .digest('hex');
    const bound = `${pkg}/${name}_bg.wasm`;
    await stampedStep(
      `${words}: bind and optimise`,
      { stamp, made: bound, file: `target/stamps/${name}${simd ? '-simd' : ''}` },
      async () => {
        await bindModule(module, pkg, name);
        return kilobytes(bound);
      },
    );
  }
  checkScripts();
}

/** The search's worker chooses between two modules and has one script for both. */
function checkScripts() {
  const [first, ...others] = workers
    .filter(({ name }) => name === 'work')
    .map(({ name, pkg }) => readFileSync(`${root}/${pkg}/${name}.js`, 'utf8'));
  if (others.every((other) => other === first)) return;
  throw new Failure('expected wasm-bindgen to write one script for both modules of the search');
}

/**
 * Makes what a page loads of a module that the compiler wrote, without the names of its functions.
 * Binaryen's light passes make it a tenth faster; the heavier ones make fewer bytes of it that
 * compress to more (docs/benchmarks.md).
 * @param {string} module
 * @param {string} pkg where to
 * @param {string} name
 */
export async function bindModule(module, pkg, name) {
  const names = ['--remove-name-section', '--remove-producers-section'];
  await run(wasmBindgen, [
    ...['--target', 'web', ...names, '--out-dir', pkg, '--out-name', name],
    module,
  ]);
  const optimiser = 'node_modules/binaryen/bin/wasm-opt';
  const bound = `${pkg}/${name}_bg.wasm`;
  await run(process.execPath, [optimiser, '-O1', ...wasmFeatures, bound, '-o', bound]);
}

export async function buildPages() {
  const settings = ['vite.config.js', 'package-lock.json', 'tsconfig.base.json'];
  const inputs = ['www', ...settings, 'scripts/lib/embed.js'];
  await stampedStep(
    'pages',
    { stamp: hashOf(inputs), made: 'dist/index.html', file: 'target/stamps/pages' },
    async () => {
      await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']);
      await writeDeclarations('dist');
    },
  );
}

export async function buildSite() {
  await buildWorkers();
  await buildPages();
}

/** @param {string} path */
function kilobytes(path) {
  const full = `${root}/${path}`;
  return existsSync(full) ? `${Math.round(statSync(full).size / 1024)} KiB` : 'nothing';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await command('Building the site into dist/', async () => {
    await setUp();
    await buildSite();
  });
}
