// Many seeds of the lab's scenarios, optimised: `npm run test:lab` plays 200 of the two large ones
// and of the two that crash. One seed alone, as a failure says it:
//
//   npm run test:lab -- --scenario siege --from 17 --seeds 1
//
// `npm run test:lab -- --traces` records the traces in tests/traces anew.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { command, Failure, root, run, step } from './lib/steps.js';
import { setUpClang } from './setup/clang.js';
import { setUpRust } from './setup/rust.js';

const scenarios = ['crowd', 'siege', 'storm', 'small'];
const lab = `${root}/target/release/examples/lab`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '0' },
    scenario: { type: 'string' },
    traces: { type: 'boolean', default: false },
  },
});

/**
 * @param {string} name
 * @param {string} text
 */
function whole(name, text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Failure(`--${name}: expected a whole number, found ${text}`);
}

/** Shares the seeds among the cores. */
async function play(/** @type {string} */ scenario) {
  const from = whole('from', values.from);
  const seeds = whole('seeds', values.seeds);
  const share = Math.ceil(seeds / Math.min(availableParallelism(), Math.max(seeds, 1)));
  const shares = [];
  for (let at = 0; at < seeds; at += share) {
    const count = Math.min(share, seeds - at);
    shares.push(run(lab, ['seeds', scenario, `${from + at}`, `${count}`], { show: true }));
  }
  // All of them say what fails before the command does.
  const ended = await Promise.allSettled(shares);
  const failed = ended.find((share) => share.status === 'rejected');
  if (failed) throw failed.reason;
  return `${seeds} seeds`;
}

await command('Playing in the lab', async () => {
  await setUpRust();
  await setUpClang();
  await step('compile', async () => {
    await run('cargo', [
      'build',
      '--release',
      '--locked',
      '-p',
      'farthing-lab',
      '--example',
      'lab',
    ]);
  });
  if (values.traces) {
    await run(lab, ['traces', 'tests/traces'], { show: true });
    return;
  }
  for (const scenario of values.scenario ? [values.scenario] : scenarios) {
    await step(scenario, () => play(scenario));
  }
});
