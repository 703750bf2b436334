/**
 * The work worker's own script (www/workers/work/worker.ts) around a search that only counts: how many
 * slices it does between a word of the page and what follows from it.
 */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

/** In the place of the module that wasm-bindgen writes. */
const COUNTING = `
export default async () => {};
export class Searcher {
  versions = 1;
  groups = 1;
  constructor(header) { this.header = header; }
  free() {}
  search(group, from, count) {
    const hits = globalThis.onSlice(this.header, from, count) ?? [];
    return {
      next: from + count, exhausted: false, hashes: count,
      headers: hits.map((hit) => this.header + hit), hashed: hits,
    };
  }
}`;
const vite = await createServer({
  configFile: false,
  root: fileURLToPath(new URL('../../www/', import.meta.url)),
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  plugins: [
    {
      name: 'counting',
      enforce: 'pre',
      resolveId: (id) => (id.endsWith('/pkg/work.js') ? '\0counting' : undefined),
      load: (id) => (id === '\0counting' ? COUNTING : undefined),
    },
  ],
});
let told = [];
let slices = [];
/** What the page says during a slice: it is posted to the worker, which is at work. */
let during = () => {};
globalThis.onSlice = (header, from, count) => {
  slices.push({ header, from, count });
  return during(slices.length);
};
globalThis.self = Object.assign(new EventTarget(), {
  postMessage: (message) => told.push(message),
});
const turns = [];
// Messages to the worker and its own turns come in the order in which they were posted.
globalThis.MessageChannel = class {
  port1 = {};
  port2 = { postMessage: () => turns.push(() => this.port1.onmessage({})) };
};
const page = (message) => turns.push(() => globalThis.self.onmessage({ data: message }));
/** Lets the worker have its turns, at most so many, each to its end. */
const run = async (most) => {
  for (let n = 0; n < most && turns.length > 0; n++) {
    turns.shift()();
    await new Promise((resolve) => setImmediate(resolve));
  }
};
await vite.ssrLoadModule('/workers/work/worker.ts');
await new Promise((resolve) => setImmediate(resolve));
after(() => vite.close());

const search = (id, header, more = {}) => ({
  ...{ type: 'search', id, header, target: '', versionMask: 0, group: 0, from: 0, all: false },
  ...more,
});

beforeEach(async () => {
  page({ type: 'rest' });
  await run(9);
  told = [];
  slices = [];
  during = () => {};
});

test('new work is taken up after the slice that is under way', async () => {
  page(search(1, 'old'));
  during = (count) => {
    if (count === 5) page(search(2, 'new'));
  };
  await run(20);
  const headers = slices.map(({ header }) => header);
  assert.equal(headers.indexOf('new'), headers.filter((header) => header === 'old').length);
  assert.ok(headers.lastIndexOf('old') <= 5, `${headers}`);
  assert.ok(headers.filter((header) => header === 'new').length > 5);
  // And what was done for the old is told.
  const old = told.filter(({ type, id }) => type === 'searched' && id === 1);
  const sum = old.reduce((hashes, one) => hashes + one.hashes, 0);
  const done = slices.filter(({ header }) => header === 'old');
  assert.equal(
    sum,
    done.reduce((hashes, { count }) => hashes + count, 0),
  );
});

test('a hit of the slice during which new work came is told', async () => {
  page(search(1, 'old', { all: true }));
  during = (count) => {
    if (count !== 3) return [];
    page(search(2, 'new'));
    return ['a', 'b'];
  };
  await run(20);
  assert.deepEqual(
    told.filter(({ type }) => type === 'found').map(({ id, hash }) => [id, hash]),
    [
      [1, 'a'],
      [1, 'b'],
    ],
  );
});

test('a word to rest is heard after the slice that is under way, and nothing follows', async () => {
  page(search(1, 'old'));
  during = (count) => {
    if (count === 4) page({ type: 'rest' });
  };
  await run(20);
  assert.ok(slices.length <= 5, `${slices.length}`);
  assert.equal(turns.length, 0);
});
