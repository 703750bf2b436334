/**
 * The customer of a farthing network on any chain: an Ed25519 key whose coins are witness programs of
 * version 16, spent with one signature as `docs/consensus.md` says. Written from that page and Node's
 * own cryptography, so that it shows more than an echo of the core would. An ordinary node sees
 * version 16 as a spend that anyone may make: it takes one into a block, and relays none.
 */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

/** @typedef {{ outpoint: Buffer, sequence: number }} Input */
/** @typedef {{ amount: number, script: string }} Output */

const TAG = 'Farthing/sighash';
const CHARACTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** What the checksum of bech32m comes to (BIP350). */
const BECH32M = 0x2bc830a3;
/** RFC 8410's envelope around the 32 bytes of a private key. */
const ENVELOPE = '302e020100300506032b657004220420';

const hash = (/** @type {Buffer[]} */ ...parts) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** @param {number} value */
function fourBytes(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** @param {number} value */
function eightBytes(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** Its length, under 253, in front. @param {Buffer} bytes */
function counted(bytes) {
  if (bytes.length >= 0xfd) throw new Error(`expected under 253 bytes, found ${bytes.length}`);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** @param {Output} output */
const serializeOutput = ({ amount, script }) =>
  Buffer.concat([eightBytes(amount), counted(Buffer.from(script, 'hex'))]);

/**
 * BIP341's signing data for SIGHASH_DEFAULT, by key and without annex.
 * @param {{ version: number, lockTime: number, inputs: Input[], outputs: Output[] }} transaction
 * @param {Output[]} coins
 * @param {number} input
 */
export function signingData({ version, lockTime, inputs, outputs }, coins, input) {
  return Buffer.concat([
    Buffer.from([0, 0]),
    fourBytes(version),
    fourBytes(lockTime),
    hash(...inputs.map(({ outpoint }) => outpoint)),
    hash(...coins.map(({ amount }) => eightBytes(amount))),
    hash(...coins.map(({ script }) => counted(Buffer.from(script, 'hex')))),
    hash(...inputs.map(({ sequence }) => fourBytes(sequence))),
    hash(...outputs.map(serializeOutput)),
    Buffer.from([0]),
    fourBytes(input),
  ]);
}

/**
 * What a signature signs.
 * @param {Buffer} genesis the genesis hash in the order of its bytes
 * @param {Buffer} data
 */
export function sighash(genesis, data) {
  const tag = hash(Buffer.from(TAG));
  return hash(tag, tag, genesis, data);
}

/** An Ed25519 key and what it owns. */
export class Ed25519Key {
  #secret;
  publicKey;

  /** @param {Buffer} seed RFC 8032's private key */
  constructor(seed) {
    const key = Buffer.concat([Buffer.from(ENVELOPE, 'hex'), seed]);
    this.#secret = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    const { x = '' } = createPublicKey(this.#secret).export({ format: 'jwk' });
    this.publicKey = Buffer.from(x, 'base64url');
  }

  /** The script that pays to it, in hex. */
  get script() {
    return `6020${this.publicKey.toString('hex')}`;
  }

  /** Its address with this prefix. @param {string} prefix */
  address(prefix) {
    return bech32m(prefix, 16, this.publicKey);
  }

  /** @param {Buffer} message */
  sign(message) {
    return sign(null, message, this.#secret);
  }

  /**
   * A signed spend of one coin of this key.
   * @param {{ genesis: string, txid: string, vout: number, amount: number, outputs: Output[] }} what
   *   hashes as people write them
   */
  spend({ genesis, txid, vout, amount, outputs }) {
    const outpoint = Buffer.concat([reversed(txid), fourBytes(vout)]);
    const inputs = [{ outpoint, sequence: 0xffffffff }];
    const transaction = { version: 2, lockTime: 0, inputs, outputs };
    const data = signingData(transaction, [{ amount, script: this.script }], 0);
    const signature = this.sign(sighash(reversed(genesis), data));
    const version = fourBytes(transaction.version);
    const body = Buffer.concat([
      Buffer.from([1]),
      outpoint,
      Buffer.from([0]),
      fourBytes(0xffffffff),
      Buffer.from([outputs.length]),
      ...outputs.map(serializeOutput),
    ]);
    const lockTime = fourBytes(0);
    const witness = Buffer.concat([Buffer.from([1]), counted(signature)]);
    return {
      txid: reversed(hash(hash(version, body, lockTime)).toString('hex')).toString('hex'),
      hex: Buffer.concat([version, Buffer.from([0, 1]), body, witness, lockTime]).toString('hex'),
    };
  }
}

/** @param {string} hex */
const reversed = (hex) => Buffer.from(hex, 'hex').reverse();

/**
 * An address in bech32m (BIP350).
 * @param {string} prefix
 * @param {number} version
 * @param {Buffer} program
 */
function bech32m(prefix, version, program) {
  const values = [version];
  let bits = 0;
  let held = 0;
  for (const byte of program) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) values.push((held >> (bits - 5)) & 31);
    held &= (1 << bits) - 1;
  }
  if (bits > 0) values.push((held << (5 - bits)) & 31);
  const letters = [...prefix].map((letter) => letter.charCodeAt(0));
  const spread = [...letters.map((code) => code >> 5), 0, ...letters.map((code) => code & 31)];
  const check = polymod([...spread, ...values, 0, 0, 0, 0, 0, 0]) ^ BECH32M;
  for (let place = 25; place >= 0; place -= 5) values.push((check >> place) & 31);
  return `${prefix}1${values.map((value) => CHARACTERS[value]).join('')}`;
}

/** @param {number[]} values */
function polymod(values) {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    GENERATORS.forEach((generator, bit) => {
      if ((top >>> bit) & 1) check ^= generator;
    });
  }
  return check;
}
