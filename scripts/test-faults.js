// Faults: the node killed a thousand times under load, its disk without power at every write, refusing
// and full, its files damaged, and the same in a browser. After each of them everything that was kept
// is there.
//   npm run test:faults -- --kills 1000 --only node|store|disk|browser --seed 7

import { parseArgs } from 'node:util';
import { buildSite } from './build.js';
import { buildBinary } from './lib/binary.js';
import { command, elapsed, Failure, run, step } from './lib/steps.js';
import { setUp } from './setup.js';
import { testFiles } from './test-nodes.js';

const PARTS = ['store', 'node', 'disk', 'browser'];

function options() {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '1000' },
      only: { type: 'string' },
      seed: { type: 'string', default: '2' },
    },
  });
  for (const name of /** @type {const} */ (['kills', 'seed'])) {
    if (!/^\d+$/.test(values[name])) {
      throw new Failure(`--${name}: expected a number, found ${values[name]}`);
    }
  }
  if (values.only !== undefined && !PARTS.includes(values.only)) {
    throw new Failure(`--only: expected ${PARTS.join(', ')}, found ${values.only}`);
  }
  return { ...values, parts: PARTS.filter((part) => (values.only ?? part) === part) };
}

/**
 * Tests of the node, in the binary that people run, each told how much to do.
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
async function rust(args, env) {
  const all = ['test', '--release', '--locked', '-p', 'farthing', ...args];
  await run('cargo', [...all, '--nocapture'], { show: true, env });
}

await command('Testing with faults', async () => {
  const { kills, seed, parts } = options();
  await setUp({ tests: parts.includes('browser') });
  const settings = { FARTHING_FAULT_SEED: seed };
  if (parts.includes('store')) {
    await step('store: power lost at every write, every call refused', () =>
      rust(['--bin', 'farthing', '--', 'store::tests::'], {
        ...settings,
        FARTHING_FAULT_BLOCKS: '40',
        FARTHING_FAULT_LIVES: '40',
        FARTHING_FAULT_STEP: '1',
      }),
    );
  }
  if (parts.includes('node')) {
    await step(`node: ${kills} times kill -9`, () =>
      rust(['--test', 'node', '--', 'kill::'], { ...settings, FARTHING_KILLS: kills }),
    );
  }
  if (parts.includes('disk')) {
    await step('disk: full, each file damaged', () =>
      rust(['--test', 'node', '--', 'full::', 'damage::', 'errors::'], settings),
    );
  }
  if (parts.includes('browser')) {
    await buildSite();
    await buildBinary();
    const files = testFiles('tests/faults');
    await step(`browser: ${files.length} files`, async () => {
      const args = ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files];
      await run(process.execPath, args, { show: true });
    });
  }
  console.log(`All recovered (${elapsed()}).`);
});
