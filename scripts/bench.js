// Every figure of the product beside its peers, in one run: `npm run bench`. A run of everything is
// written to BENCHMARKS.md and, for machines, to bench.json; `-- --only AREA` (more than once, if you
// like) measures a part and writes nothing; `-- --rounds N` takes another number of rounds than 9.
//
// A benchmark is no test: nothing here fails because a figure is bad.

import { buildSite } from './build.js';
import { buildBinary } from './lib/binary.js';
import { command, elapsed, Failure, step } from './lib/steps.js';
import { setUp } from './setup.js';
import { setUpBenchPackages } from './setup/packages.js';
import { areas } from './bench/areas.js';
import { line } from './bench/figures.js';
import { commit, machine } from './bench/machine.js';
import { buildModule, buildNative } from './bench/programs.js';
import { write } from './bench/report.js';

const ROUNDS = 9;

/** @param {string[]} args */
function options(args) {
  const only = [];
  let rounds = ROUNDS;
  for (let at = 0; at < args.length; at += 2) {
    const value = args[at + 1] ?? '';
    if (args[at] === '--only' && areas.some(({ name }) => name === value)) only.push(value);
    else if (args[at] === '--rounds' && /^[1-9]\d{0,2}$/.test(value)) rounds = Number(value);
    else {
      const names = areas.map(({ name }) => name).join(', ');
      throw new Failure(
        `expected --only AREA or --rounds N, found ${args.slice(at).join(' ')}. Areas: ${names}`,
      );
    }
  }
  return { only, rounds };
}

await command('Measuring', async () => {
  const { only, rounds } = options(process.argv.slice(2));
  const chosen = areas.filter(({ name }) => only.length === 0 || only.includes(name));
  await setUp({ tests: true });
  await setUpBenchPackages();
  await buildSite();
  const needs = new Set(chosen.flatMap((area) => area.needs));
  if (needs.has('native')) await buildNative();
  if (needs.has('module')) await buildModule();
  if (needs.has('binary')) await buildBinary();
  const facts = await machine();
  console.log(`  on ${Object.values(facts).join('; ')}`);
  const figures = [];
  for (const [at, { name, measure }] of chosen.entries()) {
    const found = await step(`${at + 1} of ${chosen.length}: ${name}`, () => measure(rounds));
    for (const one of found) console.log(`    ${line(one)}`);
    figures.push(...found);
  }
  if (only.length > 0) return console.log('  a part: nothing is written');
  await write({ facts, commit: await commit(), figures, took: elapsed() });
  console.log('  written: BENCHMARKS.md, bench.json');
});
