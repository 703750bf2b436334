// The programs that hold tests of Rust: built in the copy, each asked which tests it holds.

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure, root, run } from '../lib/steps.js';
import { copy, env, packageOf } from './copy.js';

/** @typedef {{ folder: string, src: string, kind: string, program: string, names: string[] }} Program */

/** One line for each program; what the compiler says is left to people. */
const format = 'json-render-diagnostics';

/** The packages that hold these files, as cargo is told them. @param {string[]} paths */
export function packages(paths) {
  return [...new Set(paths.map(packageOf))].flatMap((folder) => {
    const name = /^name = "([^"]+)"/m.exec(readFileSync(`${root}/${folder}/Cargo.toml`, 'utf8'));
    return ['-p', name?.[1] ?? folder];
  });
}

/**
 * Builds programs with tests.
 * @param {string[]} args of cargo
 * @param {string[]} [runner] what runs them, if they do not run by themselves
 * @returns {Promise<Program[]>}
 */
export async function build(args, runner = []) {
  const output = await run(
    'cargo',
    ['test', '--locked', '--no-run', ...args, `--message-format=${format}`],
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
      const [program = '', ...rest] = [...runner, executable, '--list', '--format', 'terse'];
      const listed = await run(program, rest);
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
 * @param {Program[]} programs
 * @param {string} test as tests/threats.toml names it
 */
export function locate(programs, test) {
  const [path = '', name = ''] = test.split('::');
  const holds = programs.filter(({ folder, src, kind }) =>
    kind === 'test'
      ? path === src || path.startsWith(`${dirname(src)}/`)
      : path.startsWith(`${folder}/src/`),
  );
  const found = holds.flatMap((program) =>
    program.names
      .filter((it) => it === name || it.endsWith(`::${name}`))
      .map((full) => ({ program: program.program, folder: program.folder, full })),
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
