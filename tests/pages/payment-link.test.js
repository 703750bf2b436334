/** Links that ask for a payment on an own network (www/lib/payment-link.ts). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const { parsePaymentLink, paymentLink, linkAmount } = await load('/lib/payment-link.ts');

const ADDRESS = 'fthp1sqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqs6nl8ll';
const read = (text) => {
  const parsed = parsePaymentLink(text);
  return parsed.problem?.type ?? parsed.link;
};

test('an address is a link without anything else', () => {
  assert.deepEqual(read(` ${ADDRESS}\n`), { address: ADDRESS });
  assert.deepEqual(read(ADDRESS.toUpperCase()), { address: ADDRESS });
  assert.deepEqual(read(`FARTHING:${ADDRESS}`), { address: ADDRESS });
});

test('a link fills in amount, label and network', () => {
  const link = {
    address: ADDRESS,
    units: 120_000_000n,
    label: 'Table 7 & tip + é',
    network: 'practice:harbour-wren',
  };
  const text = paymentLink(link);
  assert.equal(
    text,
    `farthing:${ADDRESS}?amount=1.2&label=Table%207%20%26%20tip%20%2B%20%C3%A9&network=practice:harbour-wren`,
  );
  assert.deepEqual(read(text), link);
});

test('amounts are written as people write them', () => {
  for (const [units, text] of [
    [1n, '0.00000001'],
    [500_000_000n, '5'],
    [1_000_000_000n, '10'],
    [120_000_000n, '1.2'],
  ])
    assert.equal(linkAmount(units), text);
});

test('what is not for this wallet is refused, and named', () => {
  assert.equal(read(''), 'empty');
  assert.equal(read('bitcoin:bc1qexample?amount=1'), 'otherScheme');
  assert.equal(read('javascript:alert(1)'), 'otherScheme');
  assert.equal(read('bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu'), 'notAnAddress');
  assert.equal(read(`${ADDRESS.slice(0, -1)}!`), 'notAnAddress');
  assert.equal(read(`Fthp1${ADDRESS.slice(5)}`), 'notAnAddress', 'bech32m has one case');
  for (const amount of ['-1', '0', '1e3', '1,5', '99999999', '1.123456789', ''])
    assert.equal(read(`farthing:${ADDRESS}?amount=${amount}`), 'amount', amount);
});

test('a demand that is not understood stops the payment, a wish does not', () => {
  assert.equal(read(`farthing:${ADDRESS}?req-somethingnew=1`), 'demands');
  assert.deepEqual(read(`farthing:${ADDRESS}?somethingnew=1`), { address: ADDRESS });
  assert.deepEqual(read(`farthing:${ADDRESS}?network=mainnet`), { address: ADDRESS });
});
