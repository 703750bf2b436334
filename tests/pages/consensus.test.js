// The signature hash, a second time: from the words of docs/consensus.md and Node's own cryptography,
// so that the vectors are more than an echo of the code that wrote them.

import assert from 'node:assert/strict';
import { verify, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ed25519Key, sighash, signingData } from '../nodes/ed25519.js';

/**
 * @typedef {{ about: string, network: string, genesis: string, transaction: string,
 *   coins: { amount: number, script: string }[], input: number, signingData: string, sighash: string,
 *   secretKey: string, publicKey: string, signature: string }} SighashVector
 */

/** @type {SighashVector[]} */
const vectors = JSON.parse(
  readFileSync(new URL('../../docs/vectors/sighash.json', import.meta.url), 'utf8'),
);

/**
 * What the signing data needs of a transaction in BIP144's serialization.
 * @param {string} hex
 */
function parse(hex) {
  const bytes = Buffer.from(hex, 'hex');
  let at = 0;
  const take = (/** @type {number} */ count) => bytes.subarray(at, (at += count));
  const count = () => {
    const value = take(1).readUInt8();
    assert.ok(value < 0xfd, 'a count of one byte');
    return value;
  };
  const version = take(4).readInt32LE();
  assert.equal(take(2).toString('hex'), '0001', 'the marker and the flag of witnesses');
  const inputs = Array.from({ length: count() }, () => {
    const outpoint = take(36);
    assert.equal(count(), 0, 'an empty scriptSig');
    return { outpoint, sequence: take(4).readUInt32LE() };
  });
  const outputs = Array.from({ length: count() }, () => {
    const amount = Number(take(8).readBigUInt64LE());
    return { amount, script: take(count()).toString('hex') };
  });
  const signatures = inputs.map(() => {
    assert.equal(count(), 1, 'one witness item');
    return take(count());
  });
  const lockTime = take(4).readUInt32LE();
  assert.equal(at, bytes.length);
  return { version, inputs, outputs, signatures, lockTime };
}

for (const vector of vectors) {
  test(`the signature hash of input ${vector.input}: ${vector.about}, ${vector.network}`, () => {
    const data = signingData(parse(vector.transaction), vector.coins, vector.input);
    assert.equal(data.toString('hex'), vector.signingData);
    const hash = sighash(Buffer.from(vector.genesis, 'hex'), data);
    assert.equal(hash.toString('hex'), vector.sighash);

    const key = new Ed25519Key(Buffer.from(vector.secretKey, 'hex'));
    assert.equal(key.publicKey.toString('hex'), vector.publicKey);
    assert.equal(vector.coins[vector.input]?.script, key.script);
    assert.equal(key.sign(hash).toString('hex'), vector.signature);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.publicKey.toString('base64url') };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    assert.ok(verify(null, hash, publicKey, Buffer.from(vector.signature, 'hex')));
  });
}

test('a signature in a transaction is the one of its own network', () => {
  const own = vectors.filter(({ network }) => network === 'farthing:vectors');
  assert.equal(own.length, 3);
  for (const { transaction, input, signature } of own) {
    assert.equal(parse(transaction).signatures[input]?.toString('hex'), signature);
  }
});
