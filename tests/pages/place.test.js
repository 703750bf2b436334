/** On which network a page is, and whom it asks there (www/lib/place.ts). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const { anyPlace, ownPlace } = await load('/lib/place.ts');

const node = (network, url, template) => ({ network, url, operator: url, template });
const own = node('practice:a', 'ws://a/p2p', 'http://a/api/template');
const bitcoin = node('bitcoin', 'ws://a/bridge/b:8333');
const settings = (network, ...urls) => ({ network, nodes: urls.map((url) => ({ url })) });

test('a page is on the network of the site’s own node when nothing was saved', () => {
  const place = anyPlace([own, bitcoin], undefined);
  assert.equal(place.network, 'practice:a');
  assert.deepEqual(place.nodes, [{ url: 'ws://a/p2p', operator: 'ws://a/p2p' }]);
  assert.equal(place.template, 'http://a/api/template');
  assert.equal(anyPlace([], undefined), undefined);
});

test('what was saved comes first', () => {
  const place = anyPlace([own, bitcoin], settings('bitcoin', 'ws://c/'));
  assert.equal(place.network, 'bitcoin');
  assert.deepEqual(place.nodes, [{ url: 'ws://c/' }]);
  assert.equal(place.template, undefined);
});

test('a wallet is on an own network, whatever the till is on', () => {
  const saved = settings('bitcoin', 'ws://c/');
  assert.equal(ownPlace([bitcoin, own], saved).network, 'practice:a');
  assert.equal(ownPlace([bitcoin], saved), undefined);
  assert.equal(ownPlace([own], settings('farthing:b', 'ws://c/')).network, 'farthing:b');
});

test('a link names the network, and nodes come from here alone', () => {
  const place = ownPlace([own], settings('farthing:b', 'ws://c/'), 'practice:elsewhere');
  assert.equal(place.network, 'practice:elsewhere');
  assert.deepEqual(place.nodes, []);
});
