/** What is stored of a wallet (www/lib/vault-store.ts), in a real browser's IndexedDB, by several tabs at once. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { launch } from './support/browser.js';

const NETWORK = 'practice:wren';

/** Serves the page's own modules, and an empty page to import them into. */
async function serve() {
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('../../www/', import.meta.url)),
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
    server: { host: '127.0.0.1', port: 0, hmr: false, ws: false, watch: null },
    plugins: [
      {
        name: 'an empty page',
        configureServer: ({ middlewares }) => {
          middlewares.use('/empty', (_, response) => {
            response.setHeader('content-type', 'text/html');
            response.end('<!doctype html><title>empty</title>');
          });
        },
      },
    ],
  });
  await server.listen();
  return server;
}

describe('the store of the vault', () => {
  let browser;
  let server;
  let profile;
  let url;

  before(async () => {
    [browser, server] = await Promise.all([launch(), serve()]);
    url = `http://127.0.0.1:${server.httpServer.address().port}/empty`;
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    await profile?.close();
    profile = await browser.createBrowserContext();
  });

  /** A tab of the profile, and a way to call the store in it. */
  async function tab() {
    const page = await profile.newPage();
    await page.goto(url);
    /** Calls `name` of the store, as many times at once as there are lists of arguments. */
    const all = (name, ...calls) =>
      page.evaluate(
        async (called, lists) => {
          const store = await import('/lib/vault-store.ts');
          const settled = await Promise.allSettled(lists.map((list) => store[called](...list)));
          return settled.map(({ value, reason }) =>
            reason ? { refused: reason.message } : { value: value ?? null },
          );
        },
        name,
        calls,
      );
    const call = async (name, ...list) => {
      const [{ value, refused }] = await all(name, list);
      if (refused) throw new Error(refused);
      return value;
    };
    return { page, all, call };
  }

  const key = (account, index, wallet = 'a') => ({
    path: { account, index },
    publicKey: `${wallet}${account}${index}`,
    address: `fthp1${wallet}${account}${index}`,
  });
  /** Two accounts of so many keys. */
  const keys = (count, wallet) =>
    [0, 1].flatMap((account) =>
      Array.from({ length: count }, (_, index) => key(account, index, wallet)),
    );
  const vault = (count = 60, wallet = 'a') => ({
    record: [1, 2, 3],
    keys: keys(count, wallet),
    confirmed: false,
    birth: 7,
  });

  test('gives back what it was given, and nothing for another network', async () => {
    const { call } = await tab();
    assert.equal(await call('loadVault', NETWORK), null);
    await call('saveVault', NETWORK, vault());
    assert.deepEqual(await call('loadVault', NETWORK), vault());
    // A name that begins as another does.
    for (const other of ['practice:wre', 'practice:wrens', 'practice'])
      assert.equal(await call('loadVault', other), null);
    await call('confirmVault', NETWORK);
    await call('addKeys', NETWORK, [key(1, 60)]);
    const now = await (await tab()).call('loadVault', NETWORK);
    assert.ok(now.confirmed);
    assert.equal(now.keys.length, 121);
    assert.deepEqual(now.keys.at(-1), key(1, 60));
  });

  test('never gives one index to two tabs', async () => {
    const tabs = await Promise.all([tab(), tab(), tab()]);
    await tabs[0].call('saveVault', NETWORK, vault());
    const takes = Array.from({ length: 20 }, () => [NETWORK, 0]);
    const taken = await Promise.all(tabs.map(({ all }) => all('takeIndex', ...takes)));
    const indexes = taken.flat().map(({ value }) => value);
    assert.deepEqual(
      indexes.sort((a, b) => a - b),
      Array.from({ length: 60 }, (_, index) => index),
    );
    // The other account has its own, and a new tab goes on where they ended.
    assert.equal(await tabs[1].call('takeIndex', NETWORK, 1), 0);
    const late = await tab();
    assert.deepEqual(await late.call('takeKey', NETWORK, 1), key(1, 1));
    await assert.rejects(late.call('takeIndex', NETWORK, 0), /60 addresses .* are used up/);
    await late.call('addKeys', NETWORK, [key(0, 60)]);
    assert.equal(await late.call('takeIndex', NETWORK, 0), 60);
  });

  test('skips what the chain shows to be paid, and never goes back', async () => {
    const { call } = await tab();
    await call('saveVault', NETWORK, vault());
    await call('skipTo', NETWORK, 0, 9);
    assert.equal(await call('takeIndex', NETWORK, 0), 9);
    await call('skipTo', NETWORK, 0, 3);
    assert.equal(await call('takeIndex', NETWORK, 0), 10);
  });

  test('keeps the indexes when the same wallet is encrypted anew', async () => {
    const { call } = await tab();
    await call('saveVault', NETWORK, vault());
    await call('takeIndex', NETWORK, 0);
    await call('saveVault', NETWORK, { ...vault(), record: [9] });
    assert.deepEqual((await call('loadVault', NETWORK)).record, [9]);
    assert.equal(await call('takeIndex', NETWORK, 0), 1);
  });

  test('outvotes an index that was flipped, and reads the older form', async () => {
    const { page, call } = await tab();
    await call('saveVault', NETWORK, vault());
    /** Changes what is stored of the first account's index, as it lies there. */
    const stored = (put) =>
      page.evaluate(
        (key, next) =>
          new Promise((resolve, reject) => {
            const request = indexedDB.open('farthing-keys');
            request.onsuccess = () => {
              const transaction = request.result.transaction('indexes', 'readwrite');
              transaction.objectStore('indexes').put(next, key);
              transaction.oncomplete = () => resolve(request.result.close());
              transaction.onabort = reject;
            };
          }),
        [NETWORK, 0],
        put,
      );
    await stored(4);
    assert.equal(await call('takeIndex', NETWORK, 0), 4);
    for (const [at, flipped] of [
      [1, 5, 5],
      [6, 2, 6],
      [7, 7, 39],
    ].entries()) {
      await stored(flipped);
      assert.equal(await call('takeIndex', NETWORK, 0), 5 + at);
    }
    await stored([0, 1, 2]);
    await assert.rejects(call('takeIndex', NETWORK, 0), /damaged: .* restore it from its phrase/);
    await assert.rejects(call('skipTo', NETWORK, 0, 9), /damaged/);
  });

  test('replaces no wallet by another, even where two tabs make one at once', async () => {
    const tabs = await Promise.all([tab(), tab()]);
    const saved = await Promise.all([
      tabs[0].all('saveVault', [NETWORK, vault(60, 'a')]),
      tabs[1].all('saveVault', [NETWORK, vault(60, 'b')]),
    ]);
    const outcomes = saved.flat();
    assert.equal(outcomes.filter(({ refused }) => /already has a wallet/.test(refused)).length, 1);
    const { keys: kept } = await tabs[0].call('loadVault', NETWORK);
    assert.equal(new Set(kept.map(({ publicKey }) => publicKey[0])).size, 1, 'of one wallet alone');
    assert.equal(kept.length, 120);
  });

  test('hands out no address on a farthing network before the phrase is confirmed', async () => {
    const { call } = await tab();
    await call('saveVault', 'farthing:town', vault());
    await assert.rejects(call('takeIndex', 'farthing:town', 0), /confirm it first/);
    await call('confirmVault', 'farthing:town');
    assert.equal(await call('takeIndex', 'farthing:town', 0), 0);
  });

  test('forgets everything of one network and nothing of another', async () => {
    const { call } = await tab();
    for (const network of [NETWORK, 'practice:robin']) {
      await call('saveVault', network, vault());
      await call('takeIndex', network, 0);
    }
    await call('forgetVault', NETWORK);
    assert.equal(await call('loadVault', NETWORK), null);
    for (const name of ['takeIndex', 'addKeys', 'confirmVault', 'skipTo'])
      await assert.rejects(call(name, NETWORK, 0, 0), /there is no wallet/, name);
    await call('saveVault', NETWORK, vault(60, 'b'));
    assert.equal((await call('loadVault', NETWORK)).keys.length, 120);
    assert.equal(await call('takeIndex', NETWORK, 0), 0);
    assert.equal(await call('takeIndex', 'practice:robin', 0), 1);
  });

  test('refuses a record of a later version, and writes with strict durability', async () => {
    const { page, call } = await tab();
    await page.evaluate(() => {
      window.durabilities = new Set();
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (stores, mode, options) {
        if (mode === 'readwrite') window.durabilities.add(options?.durability);
        return transaction.call(this, stores, mode, options);
      };
    });
    await call('saveVault', NETWORK, vault());
    await call('takeIndex', NETWORK, 0);
    await call('addKeys', NETWORK, [key(0, 60)]);
    assert.deepEqual(await page.evaluate(() => [...window.durabilities]), ['strict']);

    await page.evaluate(
      (network) =>
        new Promise((resolve, reject) => {
          const request = indexedDB.open('farthing-keys');
          request.onsuccess = () => {
            const transaction = request.result.transaction('vaults', 'readwrite');
            transaction.objectStore('vaults').put({ version: 2 }, network);
            transaction.oncomplete = () => resolve(request.result.close());
            transaction.onabort = reject;
          };
        }),
      NETWORK,
    );
    for (const [name, ...list] of [['loadVault'], ['saveVault', vault()], ['takeIndex', 0]])
      await assert.rejects(call(name, NETWORK, ...list), /version 2, which a newer Farthing wrote/);
  });
});
