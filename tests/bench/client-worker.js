/** The product's own client worker on an empty page of the same origin, and headers stored for it. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const assets = fileURLToPath(new URL('../../dist/assets/', import.meta.url));
const NETWORK = 'practice';

/** Where the build put the client worker's script: it is the one that loads the client's module. */
function scriptPath() {
  const scripts = readdirSync(assets).filter((name) => /^worker-.*\.js$/.test(name));
  const found = scripts.find((name) => /client_bg/.test(readFileSync(assets + name, 'utf8')));
  if (!found) throw new Error(`expected the client worker's script in ${assets}, found none`);
  return `/assets/${found}`;
}

/** An empty page of the site, in a browser profile of its own. */
export async function openProfile(browser, site) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(`${site.url}bench`);
  return { context, page };
}

/** Stores headers as the client does: one file of 80-byte records. */
export function store(page, url) {
  return page.evaluate(
    async ({ url, name }) => {
      const directory = await navigator.storage.getDirectory();
      const file = await directory.getFileHandle(name, { create: true });
      const writable = await file.createWritable();
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      await response.body.pipeTo(writable);
    },
    { url, name: `farthing-${NETWORK}-headers.bin` },
  );
}

/**
 * Starts the worker; gives the milliseconds until its first view of the chain, and that view's height.
 * It goes on to run as `globalThis.started`.
 */
export function startClient(page) {
  return page.evaluate(
    ({ script, network }) =>
      new Promise((resolve, reject) => {
        const since = performance.now();
        const worker = new Worker(script, { type: 'module' });
        globalThis.started = worker;
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => {
          if (data.type === 'event' && data.event.type === 'chain') {
            resolve({ took: performance.now() - since, height: data.event.chain.tip.height });
          } else if (data.type === 'trapped' || data.type === 'failed') {
            reject(new Error(data.reason));
          }
        };
        worker.postMessage({ type: 'start', network, role: 'any' });
      }),
    { script: scriptPath(), network: NETWORK },
  );
}

/** Ends it, and waits until the browser has let go of its file and lock. */
export function endClient(page) {
  return page.evaluate(async () => {
    globalThis.started.terminate();
    for (;;) {
      const { held } = await navigator.locks.query();
      if (held.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // The file's handle is let go of a little later.
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
}
