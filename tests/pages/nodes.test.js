/** Nodes and pools that a site offers: who counts as an operator, and whom a page may ask for work. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const PAGE = new URL('https://till.example/shop/');
Object.assign(globalThis, { document: { baseURI: PAGE.href }, location: PAGE });
const { offered: all, offeredNodes } = await load('/lib/nodes.ts');

/** What the page takes of a farthing.json with these nodes. */
async function offered(...nodes) {
  globalThis.fetch = async () => ({ ok: true, json: async () => ({ nodes }) });
  return (await offeredNodes()).map(({ url, operator }) => [url, operator]);
}
const node = (url, operator) => ({ network: 'bitcoin', url, operator });

test('a site names the operators behind its own bridge', async () => {
  assert.deepEqual(
    await offered(
      node('/bridge/192.0.2.7:8333', '192.0.2.7:8333'),
      node('wss://till.example/bridge/192.0.2.8:8333', 'Ann'),
      node('/bridge/192.0.2.9:8333'),
    ),
    [
      ['wss://till.example/bridge/192.0.2.7:8333', '192.0.2.7:8333'],
      ['wss://till.example/bridge/192.0.2.8:8333', 'Ann'],
      ['wss://till.example/bridge/192.0.2.9:8333', '192.0.2.9:8333'],
    ],
  );
});

test('a foreign bridge is one operator, whatever the site calls its nodes', async () => {
  assert.deepEqual(
    await offered(
      node('wss://bridge.example/bridge/192.0.2.7:8333', 'Ann'),
      node('wss://bridge.example:444/bridge/192.0.2.8:8333', 'Ben'),
      node('https://bridge.example/other', ''),
    ),
    [
      ['wss://bridge.example/bridge/192.0.2.7:8333', 'bridge.example'],
      ['wss://bridge.example:444/bridge/192.0.2.8:8333', 'bridge.example'],
      ['wss://bridge.example/other', 'bridge.example'],
    ],
  );
});

test('what is no node of a known network is not offered', async () => {
  assert.deepEqual(
    await offered(null, { network: 'mainnet', url: '/bridge/a:1' }, node('ftp://a.example/', 'a')),
    [],
  );
});

test('work is asked of this site alone', async () => {
  const template = async (url, text) => {
    const nodes = [
      { network: 'practice:harbour-wren', url, operator: 'this site', template: text },
    ];
    globalThis.fetch = async () => ({ ok: true, json: async () => ({ nodes }) });
    return (await offeredNodes())[0].template;
  };
  assert.equal(await template('/p2p', '/api/template'), 'https://till.example/api/template');
  for (const text of [undefined, 7, 'https://other.example/api/template', 'javascript:alert(1)'])
    assert.equal(await template('/p2p', text), undefined, String(text));
  assert.equal(await template('wss://other.example/p2p', '/api/template'), undefined);
});

test('a pool is at an address of this site alone', async () => {
  const pools = [
    { name: 'this site', url: '/stratum', network: 'practice:harbour-wren' },
    { name: 'pool.example:3333', url: '/pool/pool.example:3333', network: 'unheard-of' },
    { name: 'pool.example:3333', url: 'wss://other.example/pool/pool.example:3333' },
    { name: 'another port', url: 'wss://till.example:444/pool' },
    { name: '', url: '/pool/a' },
    { name: 'x'.repeat(121), url: '/pool/a' },
    { name: 'no address' },
    null,
  ];
  globalThis.fetch = async () => ({ ok: true, json: async () => ({ nodes: 'none', pools }) });
  assert.deepEqual(await all(), {
    nodes: [],
    pools: [
      {
        name: 'this site',
        url: 'wss://till.example/stratum',
        network: 'practice:harbour-wren',
      },
      { name: 'pool.example:3333', url: 'wss://till.example/pool/pool.example:3333' },
    ],
  });
});
