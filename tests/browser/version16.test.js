/**
 * Farthing's spends on a chain of ordinary nodes: they see version 16 as a spend that anyone may make,
 * relay none and mine it all the same. The till follows it as any other payment.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Ed25519Key } from '../nodes/ed25519.js';
import { ask, status } from './support/till.js';
import { stories } from './support/story.js';

const FUNDED = 1_000_000;
const DUE = 150_000;
const FEE = 10_000;

stories('a spend of a witness program of version 16', (story) => {
  story('is followed once it is mined', {}, async ({ node, wallet, counter }) => {
    const [customer, merchant] = [randomBytes(32), randomBytes(32)].map(
      (seed) => new Ed25519Key(seed),
    );
    const address = merchant.address('bcrt');
    const till = await (await counter()).till({ address, confirmations: 2 });
    await ask(till, BigInt(DUE));
    const { data: shown } = await till.see('address');
    assert.equal(shown.address, address, 'the page shows what it watches');

    const { height } = await node.tip();
    const funding = wallet.create({ script: customer.script }, FUNDED, { height });
    await node.mineWith([funding.hex]);
    const spend = customer.spend({
      genesis: await node.hashAt(0),
      txid: funding.txid,
      vout: 0,
      amount: FUNDED,
      outputs: [
        { amount: DUE, script: merchant.script },
        { amount: FUNDED - DUE - FEE, script: customer.script },
      ],
    });
    await assert.rejects(node.send(spend.hex), 'no mempool takes it');
    await till.see('status', { data: { status: 'awaiting' } });

    await node.mineWith([spend.hex]);
    await status(till, 'confirming');
    await till.see('credit', { data: { units: DUE } });
    await till.see('confirmations', { data: { depth: 1, of: 2 } });
    await till.see('payment', { data: { txid: spend.txid } });
    await node.mine(1);
    await status(till, 'settled', { tone: 'good' });
    await till.see('verdict', { data: { answer: 'confirmed' } });
  });
});
