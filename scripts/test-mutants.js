// Takes out one defence after the other and sees its tests fail: `npm run test:mutants`, or of some, by
// the beginning of a row's name, of the code's path or of a test's, `npm run test:mutants -- headers/
// src/node tests/pages`. The working tree is left alone: the mutants are woven into a copy under
// target/mutants, which is built there too, and with which its tests pass while none is at work.

import { mutants } from './lib/mutants.js';
import { command, elapsed, Failure, step } from './lib/steps.js';
import { weaveCopy } from './mutants/copy.js';
import * as native from './mutants/native.js';
import * as pages from './mutants/pages.js';
import * as wasm from './mutants/wasm.js';
import { setUp } from './setup.js';

/**
 * Runs tests with a mutant at work, or with none (''), and tells which passed.
 * @typedef {(tests: string[], mutant: string) => Promise<{ passed: string[], hung: boolean }>} Passing
 */
/**
 * Builds what these tests need.
 * @typedef {(tests: string[]) => Promise<Passing>} Prepare
 */

/** Where tests run, and which: the first that takes one. */
const grounds = [
  {
    name: 'pages',
    prepare: pages.prepare,
    takes: (/** @type {string} */ path) => path.endsWith('.js'),
  },
  { name: 'workers', prepare: wasm.prepare, takes: wasm.inBrowser },
  { name: 'programs', prepare: native.prepare, takes: () => true },
];

/** Builds what each ground needs, and joins what they tell. @param {string[]} tests */
async function prepare(tests) {
  const ofTest = new Map(
    tests.map((test) => [test, grounds.find(({ takes }) => takes(test.split('::')[0] ?? ''))]),
  );
  const at = (/** @type {(typeof grounds)[number]} */ ground, /** @type {string[]} */ tests) =>
    tests.filter((test) => ofTest.get(test) === ground);
  const used = grounds.filter((ground) => at(ground, tests).length > 0);
  if (used.some(({ name }) => name !== 'programs')) await setUp({ tests: true });
  /** @type {{ ground: (typeof grounds)[number], run: Passing }[]} */
  const ready = [];
  for (const ground of used) {
    const run = await step(`${ground.name}: compile`, async () => ({
      passing: await ground.prepare(at(ground, tests)),
    }));
    ready.push({ ground, run: run.passing });
  }
  return async (/** @type {string[]} */ tests, mutant = '') => {
    const told = { passed: /** @type {string[]} */ ([]), hung: false };
    for (const { ground, run } of ready) {
      const its = at(ground, tests);
      if (its.length === 0) continue;
      const { passed, hung } = await run(its, mutant);
      told.passed.push(...passed);
      told.hung ||= hung;
    }
    return told;
  };
}

await command('Taking defences out', async () => {
  const wanted = process.argv.slice(2);
  const all = mutants();
  const some = all.filter(
    ({ row, file, tests }) =>
      wanted.length === 0 ||
      wanted.some((it) => [row, file, ...tests].some((name) => name.startsWith(it))),
  );
  if (some.length === 0) throw new Failure(`expected rows or paths, found none of ${wanted}`);
  const tests = [...new Set(some.flatMap((mutant) => mutant.tests))];
  // All are woven in, so that the next selection finds everything built.
  await step(`${all.length} mutants woven into a copy`, () => weaveCopy(all));
  const passing = await prepare(tests);
  await step(`${tests.length} tests pass while nothing is taken out`, async () => {
    const { passed } = await passing(tests);
    const failed = tests.filter((test) => !passed.includes(test));
    if (failed.length > 0) throw new Failure(`expected to pass:\n${failed.join('\n')}`);
  });
  /** @type {string[]} */
  const survivors = [];
  for (const { id, out, tests } of some) {
    const { passed, hung } = await passing(tests, id);
    const fate = passed.length > 0 ? 'SURVIVED' : hung ? 'found by a hang' : 'found';
    console.log(`  ${id}: ${out}: ${fate} (${elapsed()})`);
    if (passed.length > 0) survivors.push(`${id}: ${out}: passed:\n  ${passed.join('\n  ')}`);
  }
  const rows = new Set(some.map(({ row }) => row)).size;
  console.log(`${some.length - survivors.length} of ${some.length} mutants found, of ${rows} rows`);
  if (survivors.length > 0) throw new Failure(`survivors:\n${survivors.join('\n')}`);
});
