/** Links: whoever wrote one decides nothing alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const { tillRoute, chainRoute, chainLink, walletRoute, isTillLink } = await load('/lib/route.ts');

test('a link opens the settings, an invoice, or the keypad', () => {
  assert.deepEqual(tillRoute('#settings'), { view: 'settings' });
  assert.deepEqual(tillRoute('#invoice=12'), { view: 'invoice', id: 12 });
  assert.deepEqual(tillRoute(''), { view: 'keypad', prefill: {}, problems: [] });
  for (const id of ['0', '-1', '1e3', '1.5', '99999999999', 'x']) {
    assert.equal(tillRoute(`#invoice=${id}`).view, 'keypad', id);
  }
});

test('a link fills in what is well formed', () => {
  const { prefill, problems } = tillRoute(
    '#network=regtest&address=bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080&amount=0.00042&label=Table%207',
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(prefill, {
    network: 'regtest',
    address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080',
    units: 42_000n,
    label: 'Table 7',
  });
});

test('each bad value is named and nothing of it is taken', () => {
  const script = encodeURIComponent('"><script>');
  const { prefill, problems } = tillRoute(
    `#network=mainnet&address=${script}&amount=-1&label=${'x'.repeat(81)}`,
  );
  assert.deepEqual(prefill, {});
  assert.deepEqual(
    problems.map(({ field }) => field),
    ['network', 'address', 'amount', 'label'],
  );
  assert.ok(
    problems.every(({ text = '' }) => text.length <= 40),
    'nor is it said at length',
  );
});

test('a link never sets nodes', () => {
  const { prefill } = tillRoute('#nodes=wss://elsewhere.example&amount=1');
  assert.deepEqual(prefill, { units: 100_000_000n });
});

test('the chain opens a block by hash or height, and a transaction by its id', () => {
  const hash = 'ab'.repeat(32);
  assert.deepEqual(chainRoute(`#block=${hash}`), { block: hash });
  assert.deepEqual(chainRoute('#block=871204'), { block: '871204' });
  assert.deepEqual(chainRoute(`#transaction=${hash}`), { transaction: hash });
  for (const bad of ['#block=-1', '#block=0x10', `#block=${hash}0`, '#transaction=12', '#x=1']) {
    assert.deepEqual(chainRoute(bad), {}, bad);
  }
});

test('a link to the till of the old front page is known as one', () => {
  for (const hash of [
    '#settings',
    '#invoice=3',
    '#amount=1.20&label=x',
    '#address=fth1',
    '#network=x',
  ])
    assert.ok(isTillLink(hash), hash);
  for (const hash of ['', '#', '#main', '#block=3']) assert.ok(!isTillLink(hash), hash);
});

test('a link to the chain carries the network', () => {
  const txid = 'ab'.repeat(32);
  const link = chainLink('practice:harbour-wren', { transaction: txid });
  assert.equal(link, `./chain.html#network=practice:harbour-wren&transaction=${txid}`);
  assert.deepEqual(chainRoute(link.slice(link.indexOf('#'))), {
    network: 'practice:harbour-wren',
    transaction: txid,
  });
  assert.deepEqual(chainRoute('#network=<b>&block=3'), { block: '3' });
});

test('the wallet’s views have addresses, and a link brings no more than a proposal', () => {
  assert.deepEqual(walletRoute(''), { view: 'home' });
  for (const view of ['receive', 'send', 'keys', 'create', 'restore'])
    assert.deepEqual(walletRoute(`#${view}`), { view });
  const txid = 'cd'.repeat(32);
  assert.deepEqual(walletRoute(`#raise=${txid}`), { view: 'send', raise: txid });
  const pay = 'farthing:fthp1qqqq?amount=1&network=practice:a';
  assert.deepEqual(walletRoute(`#network=practice:harbour-wren&pay=${encodeURIComponent(pay)}`), {
    view: 'send',
    network: 'practice:harbour-wren',
    pay,
  });
  assert.deepEqual(walletRoute('#network=bitcoin&raise=1'), { view: 'home' });
  assert.deepEqual(walletRoute(`#pay=${'x'.repeat(601)}`), { view: 'home' });
});
