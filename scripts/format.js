// Formats everything: Rust with rustfmt, the rest with prettier.

import { command, run, step } from './lib/steps.js';
import { setUpPackages } from './setup/packages.js';
import { setUpRust } from './setup/rust.js';

await command('Formatting', async () => {
  await setUpRust();
  await setUpPackages();
  await step('Rust', () => run('cargo', ['fmt', '--all']).then(() => undefined));
  await step('everything else', async () => {
    await run(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', '.']);
  });
});
