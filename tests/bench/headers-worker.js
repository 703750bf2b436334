/**
 * `headers-worker.js ROUNDS NETWORK FILE`: headers verified in workers of a real Chromium, by the core
 * compiled as the product's modules are, and by peers.
 */
import { basename, join } from 'node:path';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from '../browser/support/browser.js';
import { startSite } from './site.js';
import { tell } from './tell.js';

const [rounds, network, path] = process.argv.slice(2);
const made = fileURLToPath(new URL('../../target/bench/', import.meta.url));
const name = basename(path);
if (join(made, name) !== path) copyFileSync(path, join(made, name));

const site = await startSite();
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(`${site.url}bench`);
  const found = await page.evaluate(
    async ({ rounds, network, url }) => {
      const ask = (worker, message) =>
        new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => (data.error ? reject(data.error) : resolve(data));
          worker.onerror = (event) => reject(new Error(event.message));
          worker.postMessage(message);
        });
      const start = async () => {
        const worker = new Worker('/scripts/headers-in-worker.js', { type: 'module' });
        await ask(worker, { type: 'load', network, url });
        return worker;
      };
      const workers = [await start(), await start()];
      const { count } = await ask(workers[0], { type: 'count' });
      const samples = {};
      const measure = async (name, type, workers, units) => {
        const since = performance.now();
        await Promise.all(workers.map((worker) => ask(worker, { type })));
        const rate = (units * workers.length * 1000) / (performance.now() - since);
        (samples[name] ??= []).push(rate);
      };
      const turn = async () => {
        for (const [words, some] of [
          ['one worker', workers.slice(0, 1)],
          ['two workers', workers],
        ]) {
          await measure(`farthing, ${words}`, 'verify', some, count);
          await measure(`lanes, ${words}`, 'lanes', some, count);
          await measure(`plain, ${words}`, 'plainly', some, count);
        }
        await measure('noble', 'noble', workers.slice(0, 1), 10_000);
      };
      // Optimised code takes the place of the first between two calls.
      for (let warm = 0; warm < 3; warm += 1) await turn();
      for (const name of Object.keys(samples)) samples[name] = [];
      for (let round = 0; round < rounds; round += 1) await turn();
      return samples;
    },
    { rounds: Number(rounds), network, url: `/made/${name}` },
  );
  for (const [what, samples] of Object.entries(found)) tell(what, samples);
} finally {
  await browser.close();
  await site.stop();
}
