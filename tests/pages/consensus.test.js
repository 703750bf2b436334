// The signature hash, a second time: from the words of docs/consensus.md and Node's own cryptography,
// so that the vectors are more than an echo of the code that wrote them.

import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/**
 * @typedef {{ about: string, network: string, genesis: string, transaction: string,
 *   coins: { amount: number, script: string }[], input: number, signingData: string, sighash: string,
 *   secretKey: string, publicKey: string, signature: string }} SighashVector
 */

/** @type {SighashVector[]} */
const vectors = JSON.parse(
  readFileSync(new URL('../../docs/vectors/sighash.json', import.meta.url), 'utf8'),
);

const sha256 = (/** @type {Buffer[]} */ ...parts) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** @param {number} value @param {4 | 8} size */
function little(value, size) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes.subarray(0, size);
}

/** @param {string} hex */
function withLength(hex) {
  const script = Buffer.from(hex, 'hex');
  assert.ok(script.length < 0xfd, 'a length of one byte');
  return Buffer.concat([Buffer.from([script.length]), script]);
}

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
  const version = take(4);
  assert.equal(take(2).toString('hex'), '0001', 'the marker and the flag of witnesses');
  const inputs = Array.from({ length: count() }, () => {
    const outpoint = take(36);
    assert.equal(count(), 0, 'an empty scriptSig');
    return { outpoint, sequence: take(4) };
  });
  const first = at + 1;
  const outputs = count();
  for (let output = 0; output < outputs; output += 1) {
    take(8);
    take(count());
  }
  const allOutputs = bytes.subarray(first, at);
  const signatures = inputs.map(() => {
    assert.equal(count(), 1, 'one witness item');
    return take(count());
  });
  const lockTime = take(4);
  assert.equal(at, bytes.length);
  return { version, inputs, allOutputs, signatures, lockTime };
}

/** @param {SighashVector} vector */
function signingData({ transaction, coins, input }) {
  const { version, inputs, allOutputs, lockTime } = parse(transaction);
  return Buffer.concat([
    Buffer.from([0, 0]),
    version,
    lockTime,
    sha256(...inputs.map(({ outpoint }) => outpoint)),
    sha256(...coins.map(({ amount }) => little(amount, 8))),
    sha256(...coins.map(({ script }) => withLength(script))),
    sha256(...inputs.map(({ sequence }) => sequence)),
    sha256(allOutputs),
    Buffer.from([0]),
    little(input, 4),
  ]);
}

for (const vector of vectors) {
  test(`the signature hash of input ${vector.input}: ${vector.about}, ${vector.network}`, () => {
    const data = signingData(vector);
    assert.equal(data.toString('hex'), vector.signingData);
    const tag = sha256(Buffer.from('Farthing/sighash'));
    const hash = sha256(tag, tag, Buffer.from(vector.genesis, 'hex'), data);
    assert.equal(hash.toString('hex'), vector.sighash);

    // RFC 8410's envelope around the 32 bytes.
    const envelope = Buffer.from('302e020100300506032b657004220420', 'hex');
    const der = Buffer.concat([envelope, Buffer.from(vector.secretKey, 'hex')]);
    const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const key = createPublicKey(secret);
    const raw = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
    assert.equal(raw.toString('hex'), vector.publicKey);
    assert.equal(vector.coins[vector.input]?.script, `6020${vector.publicKey}`);
    assert.equal(sign(null, hash, secret).toString('hex'), vector.signature);
    assert.ok(verify(null, hash, key, Buffer.from(vector.signature, 'hex')));
  });
}

test('a signature in a transaction is the one of its own network', () => {
  const own = vectors.filter(({ network }) => network === 'farthing:vectors');
  assert.equal(own.length, 3);
  for (const { transaction, input, signature } of own) {
    assert.equal(parse(transaction).signatures[input]?.toString('hex'), signature);
  }
});
