/** Block templates as a page reads them: from a node, so every field is looked at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const { readTemplate } = await load('/lib/template.ts');

const GOOD = {
  version: 0x2000_0000,
  previousblockhash: 'a'.repeat(64),
  transactions: [
    { data: '00ff', txid: 'b'.repeat(64), hash: 'c'.repeat(64), fee: 1, weight: 400, depends: [1] },
  ],
  coinbasevalue: 2_100_000_000_000_000,
  target: 'f'.repeat(64),
  mintime: 1,
  curtime: 2,
  mutable: ['time', 'transactions', 'prevblock'],
  noncerange: '00000000ffffffff',
  sizelimit: 400_000,
  weightlimit: 400_000,
  bits: '1e03ffff',
  height: 8,
  default_witness_commitment: '6a24aa21a9ed',
  longpollid: 'one',
};

test('counts of units and bytes become bigint, exactly', () => {
  const read = readTemplate({ ...GOOD, rules: ['segwit'] });
  assert.equal(read.coinbasevalue, 2_100_000_000_000_000n);
  assert.equal(read.weightlimit, 400_000n);
  assert.equal(read.transactions[0].fee, 1n);
  assert.deepEqual(read.transactions[0].depends, [1]);
  assert.equal(read.height, 8);
  assert.ok(!('rules' in read), 'what is not known is left out');
});

test('what is not as the standard says is refused by name', () => {
  const bad = [
    ['coinbasevalue', 1.5],
    ['coinbasevalue', 2 ** 60],
    ['coinbasevalue', '5'],
    ['previousblockhash', 'a'.repeat(63)],
    ['target', 'g'.repeat(64)],
    ['height', -1],
    ['curtime', 2 ** 40],
    ['transactions', {}],
    ['transactions', [null]],
    ['longpollid', ''],
    ['default_witness_commitment', 'abc'],
  ];
  for (const [name, value] of bad) {
    const what = name === 'transactions' && Array.isArray(value) ? /transaction is null/ : name;
    assert.throws(
      () => readTemplate({ ...GOOD, [name]: value }),
      (error) =>
        typeof what === 'string' ? error.message.includes(what) : what.test(error.message),
      `${name}: ${value}`,
    );
    if (!Array.isArray(value))
      assert.throws(() => readTemplate({ ...GOOD, [name]: undefined }), `${name} missing`);
  }
  for (const found of [null, [], 'x', 7]) assert.throws(() => readTemplate(found));
  for (const field of ['data', 'txid', 'hash', 'fee', 'weight', 'depends'])
    assert.throws(
      () => readTemplate({ ...GOOD, transactions: [{ ...GOOD.transactions[0], [field]: null }] }),
      new RegExp(field),
    );
});
