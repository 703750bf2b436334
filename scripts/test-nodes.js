// The tests that drive a real browser against real nodes. BITCOIND=/path/to/bitcoind or
// NODE_ADDR=host:port runs the same against another node.

import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { buildSite } from './build.js';
import { command, Failure, root, run, step } from './lib/steps.js';
import { buildBinary } from './lib/binary.js';
import { setUp } from './setup.js';

export async function testWithNodes() {
  await buildSite();
  await buildBinary();
  const files = readdirSync(`${root}/tests`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.js') && !path.includes('node_modules'))
    .sort();
  if (files.length === 0) throw new Failure('tests/: expected files named *.test.js, found none');
  await step(`real nodes and pages: ${files.length} files`, async () => {
    // One file after the other: each starts nodes and a browser of its own.
    const args = ['--test', '--test-concurrency=1', '--test-reporter=spec'];
    await run(process.execPath, [...args, ...files.map((path) => `tests/${path}`)], { show: true });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await command('Testing with real nodes', async () => {
    await setUp({ tests: true });
    await testWithNodes();
  });
}
