/**
 * The search's worker as it is built, in a browser with `simd128` and in one without: two modules, one script. The
 * client's has one module, and says where it cannot run.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch } from './support/browser.js';
import { root } from './support/farthing.js';
import { HASH, HEADER, assets, firstBlock, script, workerWith } from './support/search.js';
import { serveSite } from './support/site.js';

const FIRST = firstBlock(300_000);
/** Every hash will do; the last nonces of a header with four versions: few, for the worker rests after hits. */
const EVERY = {
  ...FIRST,
  target: 'f'.repeat(64),
  versionMask: 0b11 << 13,
  from: 2 ** 32 - 24,
  all: true,
};

let site;
before(async () => {
  assert.ok(script, `the search's worker is in ${assets}`);
  site = await serveSite();
});
after(() => site?.close());

/** All that a worker says of a search, up to the end of it. */
const search = (page, id, work) =>
  page.evaluate(
    ({ path, message }) =>
      new Promise((resolve, reject) => {
        globalThis.worker ??= new Worker(path, { type: 'module' });
        const said = [];
        worker.onmessage = ({ data }) => {
          said.push(data);
          if (data.type === 'trapped') reject(new Error(data.reason));
          if (data.type === 'exhausted' || (data.type === 'found' && !message.all)) resolve(said);
        };
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage(message);
      }),
    { path: `/assets/${script}`, message: { type: 'search', id, ...work } },
  );

const browsers = [
  { words: 'with simd128', flags: [], module: 'pkg/work_bg.wasm' },
  {
    words: 'without simd128',
    // What V8 needs of the processor for it.
    flags: ['--js-flags=--no-enable-sse4-1'],
    module: 'pkg/scalar/work_bg.wasm',
    skip: process.arch === 'x64' ? false : 'only on x86-64 can a browser be told to lack it',
  },
];
for (const { words, flags, module, skip = false } of browsers) {
  test(`a browser ${words} loads its module, and finds what there is`, { skip }, async () => {
    const browser = await launch(flags);
    try {
      const page = await browser.newPage();
      // Nothing is there: a page of this origin without a policy of its own.
      await page.goto(`${site.url}search`);
      site.paths.length = 0;
      const [ready, ...said] = await search(page, 1, FIRST);
      assert.equal(ready.type, 'ready');
      const modules = site.paths.filter((path) => path.endsWith('.wasm'));
      assert.equal(modules.length, 1);
      const loaded = readFileSync(`${root}dist${modules[0]}`);
      assert.ok(loaded.equals(readFileSync(`${root}www/workers/work/${module}`)), module);
      const found = said.at(-1);
      assert.deepEqual(found, { type: 'found', id: 1, header: `${HEADER}1dac2b7c`, hash: HASH });
      const told = said.filter(({ type }) => type === 'searched');
      assert.equal(told.at(-1).next - FIRST.from, sum(told), 'every hash is told of once');

      const each = await search(page, 2, EVERY);
      const headers = each.filter(({ type }) => type === 'found').map(({ header }) => header);
      assert.equal(headers.length, 96);
      assert.equal(new Set(headers).size, 96, 'every version and nonce once');
      assert.equal(sum(each), 96);
      const last = each.findLast(({ type }) => type === 'searched');
      assert.deepEqual([last.group, last.next], [1, 0], 'the group is tried');
    } finally {
      await browser.close();
    }
  });
}

test(
  'the client says in words that a browser without simd128 is too old, once',
  { skip: browsers[1].skip },
  async () => {
    const browser = await launch(browsers[1].flags);
    try {
      const page = await browser.newPage();
      await page.goto(`${site.url}search`);
      const said = await page.evaluate(
        (path) =>
          new Promise((resolve, reject) => {
            const worker = new Worker(path, { type: 'module' });
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = (event) => reject(new Error(event.message));
            worker.postMessage({ type: 'start', network: 'practice', role: 'any' });
          }),
        `/assets/${workerWith(/client_bg-/)}`,
      );
      // The page starts no other worker after that.
      assert.equal(said.type, 'failed');
      assert.match(said.reason, /too old for this page/);
    } finally {
      await browser.close();
    }
  },
);

function sum(told) {
  return told.reduce((hashes, message) => hashes + (message.hashes ?? 0), 0);
}
