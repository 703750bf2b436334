// Feeds the core what a fuzzer makes up:
//   npm run fuzz -- SECONDS [TARGET]       every target for its share of the seconds, or one
//   npm run fuzz -- minimise [TARGET]      the committed corpora anew from all that was found
// What is found lies under target/fuzz; only `minimise` writes into the repository.

import { spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { read } from './lib/facts.js';
import { command, elapsed, Failure, root, run, step } from './lib/steps.js';
import { setUpClang } from './setup/clang.js';
import { cargoFuzz, setUpFuzzer } from './setup/fuzzer.js';
import { setUpRust } from './setup/rust.js';

const made = `${root}/target/fuzz`;
const committed = `${root}/tests/fuzz/corpus`;

/** Files of one committed corpus, and bytes of one file. */
const mostFiles = 100;
const mostBytes = 4096;
/** What libFuzzer calls a unit; a file of another name was put there by a person, and stays. */
const unit = /^[0-9a-f]{40}$/;

/**
 * What holds for every target: a unit that takes a minute hangs; 64 MiB in one piece or 1 GiB in
 * all is memory without a bound.
 */
const limits = [
  '-timeout=60',
  '-report_slow_units=60',
  '-malloc_limit_mb=64',
  '-rss_limit_mb=1024',
  `-max_len=${mostBytes}`,
];

/**
 * @typedef {object} Outcome
 * @property {string} target
 * @property {number} executions
 * @property {number} edges reached
 * @property {number} edgesInAll
 * @property {number} units in the corpus
 * @property {number} seconds by the clock
 * @property {number} cpu seconds; 0 where the system does not tell
 * @property {string | undefined} artifact what broke it
 */

/** Every target, as the crate's manifest names them. */
function targets() {
  const names = read('tests/fuzz/Cargo.toml').matchAll(/^path = "targets\/(\w+)\.rs"$/gm);
  return [...names].map((match) => match[1] ?? '');
}

/** @param {string | undefined} wanted */
function choose(wanted) {
  const all = targets();
  if (!wanted) return all;
  if (all.includes(wanted)) return [wanted];
  throw new Failure(`expected a target, one of ${all.join(', ')}, found ${wanted}`);
}

/** Builds all targets with debug assertions and overflow checks; the folder of the binaries. */
async function build() {
  const release = 'CARGO_PROFILE_RELEASE';
  const env = {
    [`${release}_LTO`]: 'off',
    [`${release}_DEBUG`]: 'line-tables-only',
    [`${release}_OVERFLOW_CHECKS`]: 'true',
    [`${release}_DEBUG_ASSERTIONS`]: 'true',
    RUSTUP_TOOLCHAIN: 'nightly',
  };
  await step('fuzz targets', async () => {
    const place = ['--fuzz-dir', 'tests/fuzz', '--target-dir', made];
    await run(cargoFuzz, ['build', '--release', '--debug-assertions', ...place], { env });
  });
  await step('seeds', async () => {
    const cargo = ['run', '-p', 'farthing-fuzz', '--locked', '--example', 'seeds', '--'];
    await run('cargo', [...cargo, `${made}/seeds`]);
  });
  const rustc = await run('rustc', ['-vV']);
  const host = /^host: (.+)$/m.exec(rustc)?.[1] ?? '';
  return `${made}/${host}/release`;
}

/** @param {string} folder */
function ready(folder) {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Processor seconds of a process so far, where the system tells.
 * @param {number} pid
 */
function cpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    // utime and stime, in hundredths: the two before the fourteenth field that follows the name.
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/**
 * Runs one target and tells how far it came, now and then.
 * @param {string} binaries
 * @param {string} target
 * @param {number} seconds
 * @returns {Promise<Outcome>}
 */
function fuzz(binaries, target, seconds) {
  // The first folder takes what is new; the others are only read.
  const folders = [
    ready(`${made}/corpus/${target}`),
    ready(`${made}/seeds/${target}`),
    ready(`${committed}/${target}`),
  ];
  const artifacts = ready(`${made}/artifacts/${target}`);
  const args = [`-max_total_time=${seconds}`, `-artifact_prefix=${artifacts}/`, ...limits];
  const since = performance.now();
  const child = spawn(`${binaries}/${target}`, [...args, '-print_final_stats=1', ...folders], {
    cwd: made,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  /** @type {Outcome} */
  const found = {
    target,
    executions: 0,
    edges: 0,
    edgesInAll: 0,
    units: 0,
    seconds: 0,
    cpu: 0,
    artifact: undefined,
  };
  /** @type {string[]} */
  const last = [];
  const number = (/** @type {RegExp} */ what, /** @type {string} */ line) => {
    const digits = what.exec(line)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  createInterface({ input: child.stderr }).on('line', (line) => {
    found.executions =
      number(/^#(\d+)\s/, line) ?? number(/executed_units: (\d+)/, line) ?? found.executions;
    found.edges = number(/ cov: (\d+)/, line) ?? found.edges;
    found.units = number(/ corp: (\d+)/, line) ?? found.units;
    found.edgesInAll = number(/\((\d+) inline 8-bit counters\)/, line) ?? found.edgesInAll;
    found.artifact = /Test unit written to (.+)$/.exec(line)?.[1] ?? found.artifact;
    last.push(line);
    if (last.length > 40) last.shift();
  });
  const looking = setInterval(() => {
    found.cpu = Math.max(found.cpu, cpuSeconds(child.pid ?? 0));
  }, 500);
  const telling = setInterval(() => console.log(`  … ${told(found)} (${elapsed(since)})`), 15_000);
  return new Promise((resolve, reject) => {
    const end = () => {
      clearInterval(looking);
      clearInterval(telling);
      found.seconds = (performance.now() - since) / 1000;
    };
    child.on('error', (error) => {
      end();
      reject(new Failure(`${target}: ${error.message}`));
    });
    child.on('close', (code) => {
      end();
      if (code === 0) return resolve(found);
      const said = last.filter((line) => !line.startsWith('#')).join('\n');
      console.log(said);
      if (found.artifact) return resolve(found);
      return reject(new Failure(`${target} ended with ${code} and left nothing to look at`));
    });
  });
}

/** @param {Outcome} found */
function told({ target, executions, edges, edgesInAll, units }) {
  return `${target}: ${executions} executions, ${edges} of ${edgesInAll} edges, ${units} units`;
}

/** @param {Outcome[]} all */
function table(all) {
  const rows = [
    ['target', 'executions', 'a second', 'edges', 'of', 'units', 'CPU s', 'broke'],
    ...all.map((one) => [
      one.target,
      String(one.executions),
      String(Math.round(one.executions / Math.max(one.cpu || one.seconds, 0.1))),
      String(one.edges),
      String(one.edgesInAll),
      String(one.units),
      one.cpu.toFixed(1),
      one.artifact ? 'yes' : '-',
    ]),
  ];
  const sum = (/** @type {(one: Outcome) => number} */ of) =>
    all.reduce((s, one) => s + of(one), 0);
  const cpu = sum((one) => one.cpu);
  rows.push(['all', String(sum((one) => one.executions)), '', '', '', '', cpu.toFixed(1), '']);
  const widths =
    rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  for (const row of rows) {
    const cells = row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    console.log(`  ${cells.join('  ')}`);
  }
}

/**
 * @param {number} seconds
 * @param {string | undefined} wanted
 */
async function fuzzAll(seconds, wanted) {
  const chosen = choose(wanted);
  const binaries = await build();
  const share = Math.max(1, Math.floor(seconds / chosen.length));
  /** @type {Outcome[]} */
  const all = [];
  for (const target of chosen) {
    const found = await fuzz(binaries, target, share);
    console.log(`  ${found.artifact ? '✗' : '✓'} ${told(found)} (${found.seconds.toFixed(1)} s)`);
    all.push(found);
    appendFileSync(`${made}/runs.jsonl`, `${JSON.stringify(found)}\n`);
  }
  table(all);
  const broke = all.filter((one) => one.artifact);
  if (broke.length === 0) return;
  throw new Failure(
    broke
      .map(
        ({ target, artifact }) =>
          `${target} broke on ${artifact}\n` +
          `  again: cargo run -p farthing-fuzz --bin ${target} -- ${artifact}\n` +
          `  once it is mended, keep it: cp ${artifact} tests/fuzz/corpus/${target}/NAME`,
      )
      .join('\n'),
  );
}

/**
 * The committed corpus of a target: the fewest units that reach what no seed does (the tests replay
 * the seeds too), and what a person put there.
 * @param {string} binaries
 * @param {string} target
 */
async function minimise(binaries, target) {
  const folder = ready(`${committed}/${target}`);
  const least = `${made}/least/${target}`;
  rmSync(least, { recursive: true, force: true });
  // What lies there already needs no other unit to reach the same.
  cpSync(`${made}/seeds/${target}`, least, { recursive: true });
  const from = [ready(`${made}/corpus/${target}`), folder];
  const merge = ['-set_cover_merge=1', '-use_counters=0'];
  await run(`${binaries}/${target}`, [...merge, ...limits, least, ...from], { cwd: made });
  const size = (/** @type {string} */ name) => statSync(`${least}/${name}`).size;
  const units = readdirSync(least).filter((name) => unit.test(name));
  units.sort((a, b) => size(a) - size(b) || (a < b ? -1 : 1));
  const kept = units.slice(0, mostFiles);
  for (const name of readdirSync(folder)) if (unit.test(name)) rmSync(`${folder}/${name}`);
  for (const name of kept) copyFileSync(`${least}/${name}`, `${folder}/${name}`);
  return `${kept.length} of ${units.length} units`;
}

await command('Fuzzing', async () => {
  const [first = '', wanted] = process.argv.slice(2);
  const seconds = Number(first);
  if (first !== 'minimise' && !(seconds >= 1)) {
    throw new Failure('expected a number of seconds. Type: npm run fuzz -- SECONDS [TARGET]');
  }
  await setUpRust();
  await setUpClang();
  await setUpFuzzer();
  if (first !== 'minimise') return fuzzAll(seconds, wanted);
  const chosen = choose(wanted);
  const binaries = await build();
  for (const target of chosen) await step(target, () => minimise(binaries, target));
});
