// Tests of Rust that run here.

import { chosen } from '../lib/mutants.js';
import { attempt } from '../lib/steps.js';
import { copy, env, packageOf, rootOf } from './copy.js';
import { build, locate, packages } from './programs.js';

/** A mutant may make its tests run or wait without end: seconds of work, and of time in all. */
const patience = { work: 120, all: 300 };

/** @type {import('../test-mutants.js').Prepare} */
export async function prepare(tests) {
  const paths = tests.map((test) => test.split('::')[0] ?? '');
  // Of the programs beside a library those alone that are asked for: `tests/NAME.rs`, `tests/NAME/`.
  const beside = paths.map((path) => /^\/tests\/([^/.]+)/.exec(path.slice(packageOf(path).length)));
  const targets = [...new Set(beside.flatMap((found) => (found?.[1] ? [found[1]] : [])))];
  // Cargo will have no --lib where no package has one.
  const lib = paths.some((path) => rootOf(packageOf(path)).endsWith('lib.rs')) ? ['--lib'] : [];
  const args = [...lib, '--bins', ...packages(paths)];
  const programs = await build([...args, ...targets.flatMap((name) => ['--test', name])]);

  return async (tests, mutant) => {
    /** @type {Map<string, { folder: string, wanted: Map<string, string> }>} */
    const held = new Map();
    for (const test of tests) {
      const { program, folder, full } = locate(programs, test);
      const its = held.get(program) ?? { folder, wanted: new Map() };
      held.set(program, its);
      its.wanted.set(full, test);
    }
    /** @type {string[]} */
    const passed = [];
    let hung = false;
    for (const [program, { folder, wanted }] of held) {
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
  };
}
