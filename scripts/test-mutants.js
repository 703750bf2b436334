// Takes out one defence after the other and sees its tests fail: `npm run test:mutants`, or of some,
// by the beginning of a row's name or of a path, `npm run test:mutants -- headers/ src/node`. The working tree is left alone: the
// mutants are woven into a copy under target/mutants, which is built there too.

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { asking, chosen, mutants, weave } from './lib/mutants.js';
import { attempt, command, elapsed, Failure, root, run, step } from './lib/steps.js';

/** @typedef {import('./lib/mutants.js').Mutant} Mutant */
/** @typedef {{ folder: string, src: string, kind: string, program: string, names: string[] }} Binary */

/** One line for each program; what the compiler says is left to people. */
const format = 'json-render-diagnostics';
const copy = `${root}/target/mutants/tree`;
/** A mutant may make its tests run or wait without end: seconds of work, and of time in all. */
const patience = { work: 120, all: 300 };

const env = {
  FARTHING_DATA: resolve(root, process.env.FARTHING_DATA ?? '../shared/data'),
  FARTHING_DATA_REQUIRED: '1',
  // One of its own: for cargo the copy's packages are the same as the tree's.
  CARGO_TARGET_DIR: `${root}/target/mutants/built`,
};

/** The folder of the package that a file is of. @param {string} path */
function packageOf(path) {
  let folder = dirname(path);
  while (!existsSync(`${root}/${folder}/Cargo.toml`)) folder = dirname(folder);
  return folder;
}

/**
 * Brings the copy to what the working tree holds, with the mutants woven in. What stays as it was
 * is not written, so that cargo compiles what changed.
 * @param {Mutant[]} all
 */
async function weaveCopy(all) {
  const listed = await run('git', ['ls-files', '-z', '-co', '--exclude-standard']);
  const roots = new Set(all.map(({ file }) => packageOf(file)).map(rootOf));
  for (const path of listed.split('\0').filter((path) => path && existsSync(`${root}/${path}`))) {
    if (!statSync(`${root}/${path}`).isFile()) continue;
    let bytes = readFileSync(`${root}/${path}`);
    const its = all.filter(({ file }) => file === path);
    if (its.length > 0) bytes = Buffer.from(weave(bytes.toString(), its));
    if (roots.has(path)) bytes = Buffer.concat([bytes, Buffer.from(asking)]);
    const to = `${copy}/${path}`;
    if (existsSync(to) && readFileSync(to).equals(bytes)) continue;
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, bytes);
  }
  const there = new Set(listed.split('\0'));
  const copied = await run('find', ['.', '-type', 'f', '-printf', '%P\\n'], { cwd: copy });
  for (const path of copied.split('\n').filter((path) => path && !there.has(path))) {
    rmSync(`${copy}/${path}`);
  }
}

/** The root of a package's crate. @param {string} folder */
function rootOf(folder) {
  const library = `${folder}/src/lib.rs`;
  return existsSync(`${root}/${library}`) ? library : `${folder}/src/main.rs`;
}

/**
 * Builds the programs that hold these tests, and asks each which tests it holds.
 * @param {string[]} tests
 * @returns {Promise<Binary[]>}
 */
async function build(tests) {
  const paths = tests.map((test) => test.split('::')[0] ?? '');
  const folders = [...new Set(paths.map(packageOf))];
  // Of the programs beside a library those alone that are asked for: `tests/NAME.rs`, `tests/NAME/`.
  const beside = paths.map((path) => /^\/tests\/([^/.]+)/.exec(path.slice(packageOf(path).length)));
  const targets = [...new Set(beside.flatMap((found) => (found?.[1] ? [found[1]] : [])))];
  const names = folders.map((folder) => {
    const name = /^name = "([^"]+)"/m.exec(readFileSync(`${root}/${folder}/Cargo.toml`, 'utf8'));
    return name?.[1] ?? folder;
  });
  const chosen = [
    ...names.flatMap((name) => ['-p', name]),
    ...targets.flatMap((name) => ['--test', name]),
  ];
  // Cargo will have no --lib where no package has one.
  const lib = folders.some((folder) => rootOf(folder).endsWith('lib.rs')) ? ['--lib'] : [];
  const output = await run(
    'cargo',
    ['test', '--locked', '--no-run', ...lib, '--bins', ...chosen, `--message-format=${format}`],
    { cwd: copy, env },
  );
  const made = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ reason, executable, profile }) => {
      return reason === 'compiler-artifact' && executable && profile.test;
    });
  return Promise.all(
    made.map(async ({ executable, manifest_path: manifest, target }) => {
      const listed = await run(executable, ['--list', '--format', 'terse']);
      return {
        folder: dirname(manifest).slice(copy.length + 1),
        src: target.src_path.slice(copy.length + 1),
        kind: target.kind[0],
        program: executable,
        names: [...listed.matchAll(/^(.*): test$/gm)].map((match) => match[1] ?? ''),
      };
    }),
  );
}

/**
 * The program that holds a test, and the test's name in it.
 * @param {Binary[]} binaries
 * @param {string} test as tests/threats.toml names it
 */
function locate(binaries, test) {
  const [path = '', name = ''] = test.split('::');
  const holds = binaries.filter(({ folder, src, kind }) =>
    kind === 'test'
      ? path === src || path.startsWith(`${dirname(src)}/`)
      : path.startsWith(`${folder}/src/`),
  );
  const found = holds.flatMap((binary) =>
    binary.names
      .filter((it) => it === name || it.endsWith(`::${name}`))
      .map((full) => ({ program: binary.program, folder: binary.folder, full })),
  );
  // Two modules may have a test of one name: the one whose path has most words of the file's.
  const words = path.replace(/\.rs$/, '').split('/');
  const near = (/** @type {string} */ full) =>
    full.split('::').filter((word) => words.includes(word)).length;
  const [best, next] = found.sort((a, b) => near(b.full) - near(a.full));
  if (!best || (next && near(next.full) === near(best.full))) {
    throw new Failure(`expected one test ${test} in what was built, found ${found.length}`);
  }
  return best;
}

/**
 * Runs tests with a mutant at work, or with none, and tells which passed.
 * @param {Binary[]} binaries
 * @param {string[]} tests
 * @param {string} [mutant]
 */
async function passing(binaries, tests, mutant = '') {
  /** @type {Map<string, { folder: string, wanted: Map<string, string> }>} */
  const programs = new Map();
  for (const test of tests) {
    const { program, folder, full } = locate(binaries, test);
    const its = programs.get(program) ?? { folder, wanted: new Map() };
    programs.set(program, its);
    its.wanted.set(full, test);
  }
  /** @type {string[]} */
  const passed = [];
  let hung = false;
  for (const [program, { folder, wanted }] of programs) {
    const limits = mutant ? `ulimit -t ${patience.work}; exec timeout ${patience.all}` : 'exec';
    const limited = `${limits} "$@"`;
    const args = ['-c', limited, 'sh', program, '--exact', ...wanted.keys()];
    // As cargo runs them: in the package's folder.
    const options = { cwd: `${copy}/${folder}`, env: { ...env, [chosen]: mutant } };
    const { code, all } = await attempt('sh', args, options);
    // What ulimit or timeout ended says no result of its own.
    hung ||= !/^test result: /m.test(all) && code !== 101;
    const lines = new Set(
      [...all.matchAll(/^test (\S+)(?: - should panic)? \.\.\..*?\bok$/gm)].map((m) => m[1]),
    );
    for (const [full, test] of wanted) if (lines.has(full)) passed.push(test);
  }
  return { passed, hung };
}

await command('Taking defences out', async () => {
  const wanted = process.argv.slice(2);
  const all = mutants();
  const some = all.filter(
    ({ row, file }) =>
      wanted.length === 0 || wanted.some((it) => row.startsWith(it) || file.startsWith(it)),
  );
  if (some.length === 0) throw new Failure(`expected rows or paths, found none of ${wanted}`);
  const tests = [...new Set(some.flatMap((mutant) => mutant.tests))];
  mkdirSync(copy, { recursive: true });
  // All are woven in, so that the next selection finds everything built.
  await step(`${all.length} mutants woven into a copy`, () => weaveCopy(all));
  const binaries = await step('compile', () => build(tests));
  await step(`${tests.length} tests pass while nothing is taken out`, async () => {
    const { passed } = await passing(binaries, tests);
    const failed = tests.filter((test) => !passed.includes(test));
    if (failed.length > 0) throw new Failure(`expected to pass:\n${failed.join('\n')}`);
  });
  /** @type {string[]} */
  const survivors = [];
  for (const { id, out, tests } of some) {
    const { passed, hung } = await passing(binaries, tests, id);
    const fate = passed.length > 0 ? 'SURVIVED' : hung ? 'found by a hang' : 'found';
    console.log(`  ${id}: ${out}: ${fate} (${elapsed()})`);
    if (passed.length > 0) survivors.push(`${id}: ${out}: passed:\n  ${passed.join('\n  ')}`);
  }
  const rows = new Set(some.map(({ row }) => row)).size;
  console.log(`${some.length - survivors.length} of ${some.length} mutants found, of ${rows} rows`);
  if (survivors.length > 0) throw new Failure(`survivors:\n${survivors.join('\n')}`);
});
