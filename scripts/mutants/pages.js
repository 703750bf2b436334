// Tests in JavaScript: of the pages' own modules, and of the built site in a real browser, served by the
// binary. What they look at is built of the copy: the binary chooses its mutant by the environment, the
// workers' modules have it written into them, and Vite writes the site anew for each.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { read } from '../lib/facts.js';
import { chosen, chosenInPages, fill } from '../lib/mutants.js';
import { attempt, Failure, run } from '../lib/steps.js';
import { copy, env } from './copy.js';

const binary = `${env.CARGO_TARGET_DIR}/debug/farthing`;
/** Seconds for the tests of one file. */
const PATIENCE = 600;

/** Whether the tests of a file look at the built site: the others have Vite serve the modules. */
const ofSite = (/** @type {string} */ path) =>
  !path.startsWith('tests/pages/') && !read(path).includes("from 'vite'");

/** The pages are written for each mutant, and without their types: mutants keep to the compiler's least rules. */
const buildWorkers = `
  import { setUp } from './scripts/setup.js';
  import { buildWorkers } from './scripts/build.js';
  await setUp();
  await buildWorkers();`;

/** Writes the site with a mutant at work. @param {string} mutant */
async function writeSite(mutant) {
  for (const path of readdirSync(`${copy}/www/workers`, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.wasm')) continue;
    const module = `${copy}/www/workers/${path}`;
    writeFileSync(module, fill(readFileSync(module), mutant));
  }
  const args = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'];
  await run(process.execPath, args, { cwd: copy, env: { [chosenInPages]: mutant } });
}

/**
 * A name that is not there would break a test by itself. Other words of the compiler are no fault: what it
 * concludes from a condition it does not conclude from two.
 */
async function checkNames() {
  for (const project of ['www', 'www/workers']) {
    const args = ['node_modules/typescript/bin/tsc', '-p', project, '--pretty', 'false'];
    const { all } = await attempt(process.execPath, args, { cwd: copy });
    const unknown = all.split('\n').filter((line) => /error TS(2304|2552):/.test(line));
    if (unknown.length > 0) throw new Failure(unknown.join('\n'));
  }
}

/** @type {import('../test-mutants.js').Prepare} */
export async function prepare(tests) {
  /** @type {string | undefined} */
  let site;
  await checkNames();
  if (tests.some((test) => ofSite(test.split('::')[0] ?? ''))) {
    await run(process.execPath, ['--input-type=module', '--eval', buildWorkers], { cwd: copy });
    await run('cargo', ['build', '--locked', '-p', 'farthing'], { cwd: copy, env });
  }

  return async (tests, mutant) => {
    /** @type {Map<string, string[]>} */
    const files = new Map();
    for (const test of tests) {
      const [path = '', ...rest] = test.split('::');
      files.set(path, [...(files.get(path) ?? []), rest.join('::')]);
    }
    /** @type {string[]} */
    const passed = [];
    let hung = false;
    for (const [path, names] of files) {
      if (ofSite(path) && site !== mutant) {
        await writeSite(mutant);
        site = mutant;
      }
      const patterns = names.map((name) => `--test-name-pattern=${literally(name)}$`);
      const reporter = '--test-reporter=tap';
      const { all } = await attempt(
        'timeout',
        [`${PATIENCE}`, process.execPath, '--test', reporter, ...patterns, path],
        {
          cwd: copy,
          env: {
            [chosen]: mutant,
            [chosenInPages]: mutant,
            FARTHING_BIN: binary,
            FARTHING_DIST: `${copy}/dist`,
          },
        },
      );
      hung ||= !/^# tests \d/m.test(all);
      // A story is told once over each way to a node, always under the same name.
      const told = [...all.matchAll(/^\s*(not )?ok \d+ - (.*)$/gm)].map(([, not, name]) => ({
        name: name?.replaceAll('\\', ''),
        ok: !not,
      }));
      for (const name of names) {
        const its = told.filter((one) => one.name === name);
        if (its.length > 0 && its.every(({ ok }) => ok)) passed.push(`${path}::${name}`);
      }
    }
    return { passed, hung };
  };
}

const literally = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
