/**
 * `memory.js ROUNDS FILE`: what the client's worker holds after a start from a file's headers: its
 * module's linear memory, and all that the browser counts for it.
 */
import { basename } from 'node:path';
import { statSync } from 'node:fs';
import { launch } from '../browser/support/browser.js';
import { endClient, openProfile, startClient, store } from './client-worker.js';
import { startSite } from './site.js';
import { tell } from './tell.js';

const [rounds, file] = process.argv.slice(2);
const site = await startSite();
const browser = await launch();

/** Bytes of every WebAssembly memory of the page's worker, found on its heap. */
async function moduleMemory(page) {
  const [worker] = page.workers();
  const { client } = worker;
  const { result } = await client.send('Runtime.evaluate', {
    expression: 'WebAssembly.Memory.prototype',
  });
  const { objects } = await client.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId,
  });
  const sum = await client.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration:
      'function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }',
    returnByValue: true,
  });
  return sum.result.value;
}

/** Bytes that the browser attributes to the page's worker. */
const workerMemory = (page) =>
  page.evaluate(async () => {
    const { breakdown } = await performance.measureUserAgentSpecificMemory();
    return breakdown
      .filter(({ attribution }) => attribution.some(({ scope }) => /Worker/.test(scope)))
      .reduce((sum, { bytes }) => sum + bytes, 0);
  });

try {
  const { page } = await openProfile(browser, site);
  await store(page, `/made/${basename(file)}`);
  const height = statSync(file).size / 80 - 1;
  const modules = [];
  const workers = [];
  for (let round = 0; round < rounds; round += 1) {
    const found = await startClient(page);
    if (found.height !== height) throw new Error(`expected ${height}, found ${found.height}`);
    modules.push(await moduleMemory(page));
    workers.push(await workerMemory(page));
    await endClient(page);
  }
  tell('module', modules);
  tell('worker', workers);
} finally {
  await browser.close();
  await site.stop();
}
