// The native binary, with the site in it.

import { root, run, step } from './steps.js';

export const binary = `${root}/target/release/farthing`;

export async function buildBinary() {
  await step('binary', async () => {
    const args = ['build', '--release', '-p', 'farthing', '--locked'];
    await run('cargo', args, { env: { FARTHING_SITE: `${root}/dist` } });
  });
}
