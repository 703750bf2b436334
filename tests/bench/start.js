/**
 * `start.js ROUNDS FILE...`: the client's worker from `new Worker` to its first view of the chain, with
 * nothing stored and with each file's headers stored.
 */
import { basename } from 'node:path';
import { statSync } from 'node:fs';
import { launch } from '../browser/support/browser.js';
import { endClient, openProfile, startClient, store } from './client-worker.js';
import { startSite } from './site.js';
import { tell } from './tell.js';

const [rounds, ...files] = process.argv.slice(2);
const site = await startSite();
const browser = await launch();

/** A worker whose script answers at once. */
const nothing = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const since = performance.now();
        const worker = new Worker('/scripts/idle-worker.js', { type: 'module' });
        worker.onmessage = () => {
          worker.terminate();
          resolve(performance.now() - since);
        };
      }),
  );

async function start(page, height) {
  const found = await startClient(page);
  await endClient(page);
  if (found.height !== height) throw new Error(`expected height ${height}, found ${found.height}`);
  return found.took;
}

try {
  const cold = [];
  const idle = [];
  for (let round = 0; round < rounds; round += 1) {
    const { context, page } = await openProfile(browser, site);
    idle.push(await nothing(page));
    cold.push(await start(page, 0));
    await context.close();
  }
  tell('nothing', idle);
  tell('cold', cold);
  for (const file of files) {
    const count = statSync(file).size / 80;
    const { context, page } = await openProfile(browser, site);
    await store(page, `/made/${basename(file)}`);
    // Once without a clock: the browser keeps what it compiled.
    await start(page, count - 1);
    const warm = [];
    for (let round = 0; round < rounds; round += 1) warm.push(await start(page, count - 1));
    tell(String(count), warm);
    await context.close();
  }
} finally {
  await browser.close();
  await site.stop();
}
