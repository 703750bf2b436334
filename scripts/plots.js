// `npm run plots`: the figures and plots of docs/retarget.md, made anew from the lab. The same sources
// give the same bytes, so git shows whether anything changed.

import { command, run, step } from './lib/steps.js';
import { setUpRust } from './setup/rust.js';

await command('Plotting', async () => {
  await setUpRust();
  await step('compile', async () => {
    await run('cargo', ['build', '--release', '--locked', '-p', 'farthing-plots']);
  });
  await step('figures and plots in docs/retarget', async () => {
    await run('target/release/farthing-plots', ['docs/retarget'], { show: true });
  });
});
