// Farthing with two Bitcoin nodes, for those who run none: bcoin on regtest, in memory, which
// the tests use too. What follows `--` goes to the binary.

import { command } from './lib/steps.js';
import { setUpTestPackages } from './setup/packages.js';
import { prepare, serve } from './start.js';

await command('Starting Farthing with two regtest nodes', async () => {
  await prepare();
  await setUpTestPackages();
});
if (!process.exitCode) {
  // Only now is bcoin there to be imported.
  const { playRegtest } = await import(new URL('../tests/nodes/regtest.js', import.meta.url).href);
  await playRegtest((/** @type {string[]} */ nodes) =>
    serve(
      [...nodes.flatMap((node) => ['--bitcoin', `regtest@${node}`]), ...process.argv.slice(2)],
      'ignore',
    ),
  );
}
