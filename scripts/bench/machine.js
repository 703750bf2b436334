// What the figures were measured on: they mean nothing without it.

import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { attempt, run } from '../lib/steps.js';

/** The files that the command itself writes. */
const WRITTEN = ['BENCHMARKS.md', 'bench.json'];

/** The commit that is measured, and whether files differ from it. */
export async function commit() {
  const name = (await run('git', ['rev-parse', '--short=12', 'HEAD'])).trim();
  const changed = (await run('git', ['status', '--porcelain', '--untracked-files=no']))
    .split('\n')
    .filter((line) => line !== '' && !WRITTEN.includes(line.slice(3)));
  return changed.length === 0 ? name : `${name}, with changes`;
}

/** One line a fact. */
export async function machine() {
  const processors = cpus();
  const version = async (/** @type {string} */ program, /** @type {string[]} */ args) => {
    const found = await attempt(program, args);
    return found.code === 0 ? found.output.trim().split('\n')[0] : 'none';
  };
  return {
    processor: `${processors[0]?.model.trim() ?? 'unknown'}, ${processors.length} cores`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    system: `${platform()} ${release()}, ${arch()}`,
    // A machine that does other things measures them too.
    load: `${loadavg()
      .slice(0, 2)
      .map((load) => load.toFixed(1))
      .join(', ')} before (one minute, five)`,
    rustc: await version('rustc', ['--version']),
    node: process.version,
    browser: await version(process.env.CHROMIUM ?? 'chromium', ['--version']),
  };
}
