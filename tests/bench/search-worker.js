/**
 * `search-worker.js ROUNDS [FIREFOX]`: the search for a nonce in workers of a real Chromium, or of the Firefox
 * of this path, by the product's modules and by what others hash with. Hashes a second.
 */
import puppeteer from 'puppeteer-core';
import { launch } from '../browser/support/browser.js';
import { startSite } from './site.js';
import { tell } from './tell.js';

const rounds = Number(process.argv[2]);
const firefox = process.argv[3];
/** What is measured, and the hashes of one round: about a tenth of a second each. */
const things = [
  ['simd', 2 ** 20],
  ['rolled', 2 ** 20],
  ['scalar', 2 ** 18],
  ['sha2, midstate', 2 ** 17],
  ['sha2, naive', 2 ** 17],
  ['noble, naive', 2 ** 15],
  ['noble, midstate', 2 ** 15],
  ['hash-wasm', 2 ** 15],
  ['WebCrypto', 2 ** 13],
];

const site = await startSite();
const browser = firefox
  ? await puppeteer.launch({ browser: 'firefox', executablePath: firefox, headless: true })
  : await launch();
try {
  const page = await browser.newPage();
  await page.goto(`${site.url}bench`);
  const found = await page.evaluate(
    async ({ rounds, things }) => {
      const ask = (worker, message) =>
        new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => (data.error ? reject(data.error) : resolve(data));
          worker.onerror = (event) => reject(new Error(event.message));
          worker.postMessage(message);
        });
      const start = async () => {
        const worker = new Worker('/scripts/search-in-worker.js', { type: 'module' });
        await ask(worker, { type: 'load' });
        return worker;
      };
      const workers = [await start(), await start()];
      const samples = {};
      const measure = async (type, hashes, some, name) => {
        const since = performance.now();
        await Promise.all(some.map((worker) => ask(worker, { type, hashes })));
        const rate = (hashes * some.length * 1000) / (performance.now() - since);
        (samples[name] ??= []).push(rate);
      };
      const turn = async () => {
        for (const [type, hashes] of things) await measure(type, hashes, workers.slice(0, 1), type);
        for (const [type, hashes] of things.slice(0, 3)) {
          await measure(type, hashes, workers, `${type}, two workers`);
        }
      };
      // Optimised code takes the place of the first between two calls.
      for (let warm = 0; warm < 3; warm += 1) await turn();
      for (const name of Object.keys(samples)) samples[name] = [];
      for (let round = 0; round < rounds; round += 1) await turn();
      return samples;
    },
    { rounds, things },
  );
  for (const [name, samples] of Object.entries(found)) tell(name, samples);
} finally {
  await browser.close();
  await site.stop();
}
