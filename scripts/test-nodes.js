// The tests that drive a real browser against real nodes. BITCOIND=/path/to/bitcoind or
// NODE_ADDR=host:port runs the same against another node.

import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { buildSite } from './build.js';
import { command, Failure, root, run, step } from './lib/steps.js';
import { buildBinary } from './lib/binary.js';
import { setUp } from './setup.js';

const folders = ['tests/browser', 'tests/nodes'];

/**
 * The tests of a folder, in the order of their names.
 * @param {string} folder
 */
export function testFiles(folder) {
  const names = readdirSync(`${root}/${folder}`).filter((name) => name.endsWith('.test.js'));
  if (names.length === 0) throw new Failure(`${folder}: expected files *.test.js, found none`);
  return names.sort().map((name) => `${folder}/${name}`);
}

export async function testWithNodes() {
  await buildSite();
  await buildBinary();
  const files = folders.flatMap((folder) => testFiles(folder));
  await step(`real nodes and pages: ${files.length} files`, async () => {
    // One file after the other: each starts nodes and a browser of its own.
    const args = ['--test', '--test-concurrency=1', '--test-reporter=spec'];
    await run(process.execPath, [...args, ...files], { show: true });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await command('Testing with real nodes', async () => {
    await setUp({ tests: true });
    await testWithNodes();
  });
}
