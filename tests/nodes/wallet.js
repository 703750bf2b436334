/**
 * The customer: one key, the coins that it mined, and payments out of them, so that no node needs a
 * wallet. It can spend one coin twice, which no honest wallet does.
 */
import { randomBytes } from 'node:crypto';
import bcoin from './bcoin.cjs';
import { parseBlock } from './blocks.js';

const { Address, KeyRing, MTX, Outpoint, Coin } = bcoin;
const MATURE = 100;
const NETWORK = 'regtest';

/** A new key that pays to a witness program. */
function newRing() {
  const ring = KeyRing.fromPrivate(randomBytes(32), true);
  ring.witness = true;
  return ring;
}

/** The script that an address stands for, in hex. */
export function scriptOf(address) {
  return bcoin.Script.fromAddress(Address.fromString(address, NETWORK)).toRaw().toString('hex');
}

/** The address that stands for a script in hex. */
export function addressOf(script) {
  return Address.fromScript(bcoin.Script.fromRaw(script, 'hex')).toString(NETWORK);
}

/** An address of a new key that is thrown away: somewhere to be paid. */
export function newAddress() {
  return newRing().getAddress('string', NETWORK);
}

export class Wallet {
  #ring = newRing();
  #coins = [];

  /** Its address. */
  get address() {
    return this.#ring.getAddress('string', NETWORK);
  }

  /** Its script, in hex: mine to this. */
  get script() {
    return bcoin.Script.fromAddress(this.#ring.getAddress()).toRaw().toString('hex');
  }

  /** Takes the coins of blocks that were mined to its script. */
  collect(height, rawBlock) {
    const [transaction] = parseBlock(rawBlock).txs;
    transaction.outputs.forEach((output, index) => {
      if (output.script.toRaw().toString('hex') === this.script && output.value > 0) {
        this.#coins.push({ coin: Coin.fromTX(transaction, index, height), spent: false });
      }
    });
  }

  /** Coins that can be spent on top of a height. */
  spendable(height) {
    return this.#coins.filter((c) => !c.spent && height + 1 - c.coin.height >= MATURE);
  }

  /** Mines to this wallet until `count` coins can be spent. */
  async fund(node, count = 20) {
    const { height } = await node.tip();
    const missing = MATURE + count - this.#coins.length;
    const hashes = await node.mine(missing, this.script);
    for (const [i, hash] of hashes.entries()) {
      this.collect(height + 1 + i, await node.block(hash));
    }
  }

  /**
   * A signed payment of one coin, with the change back to this wallet; not sent. Amounts are
   * integer units. An address that bcoin cannot read is given as its script, `{ script }` in hex.
   */
  create(address, amount, { height, fee = 10_000, coin } = {}) {
    const chosen = coin ?? this.spendable(height).find((c) => c.coin.value >= Number(amount) + fee);
    if (!chosen) throw new Error(`no coin of this wallet can pay ${amount} at height ${height}`);
    const transaction = new MTX();
    transaction.addCoin(chosen.coin);
    const payee = address.script
      ? bcoin.Script.fromRaw(address.script, 'hex')
      : Address.fromString(address, NETWORK);
    transaction.addOutput(payee, Number(amount));
    const change = chosen.coin.value - Number(amount) - fee;
    if (change > 0) transaction.addOutput(this.#ring.getAddress(), change);
    transaction.sign(this.#ring);
    if (!transaction.verify()) throw new Error('the payment that was just signed does not verify');
    chosen.spent = true;
    return {
      txid: transaction.txid(),
      hex: transaction.toRaw().toString('hex'),
      coin: chosen,
      outpoint: Outpoint.fromOptions(transaction.inputs[0].prevout).toString(),
    };
  }

  /** Pays an address through a node. */
  async pay(node, address, amount, options = {}) {
    const { height } = await node.tip();
    const payment = this.create(address, amount, { height, ...options });
    await node.send(payment.hex);
    return payment;
  }

  /** Another spend of the same coin, back to this wallet; not sent. */
  doubleSpend(payment, { fee = 20_000 } = {}) {
    const { coin } = payment;
    return this.create(this.address, coin.coin.value - fee, { fee, coin });
  }
}
