/**
 * `search-graphics.js ROUNDS`: the search on a graphics processor, by the product's worker as it is built, in a
 * Chromium whose graphics processor is a program (SwiftShader). Hashes a second, and the adapter's name.
 */
import { launch, SOFTWARE_GRAPHICS } from '../browser/support/browser.js';
import { script } from '../browser/support/search.js';
import { startSite } from './site.js';
import { tell } from './tell.js';

const rounds = Number(process.argv[2]);

const site = await startSite();
const browser = await launch(SOFTWARE_GRAPHICS);
try {
  const page = await browser.newPage();
  await page.goto(`${site.url}bench`);
  const found = await page.evaluate(
    ({ path, rounds }) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(path, { type: 'module' });
        const rates = [];
        let name;
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => {
          if (data.type === 'graphics') name = data.name;
          if (data.type === 'unfit' || data.type === 'trapped')
            reject(new Error(data.why ?? data.reason));
          if (data.type !== 'searched') return;
          rates.push((1000 * data.hashes) / data.time);
          // Its first pieces are guesses that are short on any machine.
          if (rates.length === rounds + 8) resolve({ name, rates: rates.slice(8) });
        };
        worker.postMessage({ type: 'graphics', software: true });
        const job = { header: '07'.repeat(80), target: '00'.repeat(32), versionMask: 0x1fffe000 };
        worker.postMessage({ type: 'search', id: 1, ...job, group: 0, from: 0, all: false });
      }),
    { path: `/assets/${script}`, rounds },
  );
  tell(found.name, found.rates);
} finally {
  await browser.close();
  await site.stop();
}
