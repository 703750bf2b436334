/**
 * `arrival.js farthing|bcoin COUNT`: how long a block and a payment take from being handed to a node to
 * the words on the till's page, in a real Chromium. `farthing`: the binary and its page. `bcoin`: bcoin
 * behind websockify, and the same page.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { launch } from '../browser/support/browser.js';
import { program } from '../browser/support/farthing.js';
import { OwnNode } from '../browser/support/own-node.js';
import { Person, invoice } from '../browser/support/shop.js';
import { Counter, ask } from '../browser/support/till.js';
import { buildBranch, parseBlock } from '../nodes/blocks.js';
import { Ed25519Key } from '../nodes/ed25519.js';
import { newAddress, startFunded } from '../nodes/index.js';
import { now, startRelay } from './relay.js';
import { tell } from './tell.js';

const [kind, words] = process.argv.slice(2);
const count = Number(words);
const PAID = 1_000_000;
const FEE = 10_000;

/**
 * Notes when the page first shows each depth of confirmations and each payment, from now on: at the
 * change of the document itself.
 */
const watch = (tab) =>
  tab.page.evaluate(() => {
    const seen = (globalThis.seen = {});
    const look = () => {
      const at = performance.timeOrigin + performance.now();
      const depth = document.querySelector('[data-testid="confirmations"]')?.dataset.depth;
      if (depth) seen[`depth ${depth}`] ??= at;
      for (const { dataset } of document.querySelectorAll('[data-testid="payment"]')) {
        seen[dataset.txid] ??= at;
      }
    };
    look();
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  });

/** When the page showed it. */
const shownAt = (tab, what) =>
  tab.until(`the page shows ${what}`, () => tab.page.evaluate((key) => globalThis.seen[key], what));

const CHARACTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** The script that an own network's address stands for, in hex: the 32 bytes of its key (BIP350). */
function scriptOfKey(address) {
  const values = [...address.slice(address.lastIndexOf('1') + 1, -6)].map((letter) =>
    CHARACTERS.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bits = values.slice(1).join('');
  const bytes = bits.match(/[01]{8}/g).map((byte) => Number.parseInt(byte, 2));
  return `6020${Buffer.from(bytes).toString('hex')}`;
}

async function measureOwn(browser) {
  const node = await new OwnNode().start();
  const relay = await startRelay(node.port);
  const person = new Person(await browser.createBrowserContext(), node);
  const key = new Ed25519Key(randomBytes(32));
  const mine = (blocks) =>
    promisify(execFile)(program, [
      ...['mine', '--to', key.address('fthp'), '--blocks', String(blocks)],
      ...['--threads', '1', '--node', relay.url],
    ]);
  const genesis = (await node.health()).tip;
  await mine(count + 1);
  const coins = relay.blocks.map(({ hex }) => parseBlock(hex).txs[0]).slice(0, count);

  const till = await person.till({ confirmations: count + 1 });
  await invoice(till, BigInt(PAID) * BigInt(count));
  const { data: shown } = await till.see('address');
  await watch(till);
  const payments = [];
  for (const coin of coins) {
    const { value: amount } = coin.outputs[0];
    const outputs = [
      { amount: PAID, script: scriptOfKey(shown.address) },
      { amount: amount - PAID - FEE, script: key.script },
    ];
    const { txid, hex } = key.spend({ genesis, txid: coin.txid(), vout: 0, amount, outputs });
    const since = now();
    const answer = await node.submit(hex);
    if (answer.result !== null) throw new Error(JSON.stringify(answer));
    payments.push((await shownAt(till, txid)) - since);
    await sleep(100);
  }
  tell('payment', payments);

  relay.blocks.length = 0;
  await mine(count);
  const blocks = [];
  for (const [index, { at }] of relay.blocks.entries()) {
    blocks.push((await shownAt(till, `depth ${index + 1}`)) - at);
  }
  tell('block', blocks);
  await person.leave();
  await relay.stop();
  await node.stop();
}

async function measureBcoin(browser) {
  const { node, wallet } = await startFunded(count);
  const counter = await Counter.open(browser, 'websockify', [node]);
  const address = newAddress();
  const till = await counter.till({ address, confirmations: count + 1 });
  await ask(till, BigInt(PAID) * BigInt(count));
  await watch(till);
  const payments = [];
  const { height } = await node.tip();
  for (let at = 0; at < count; at += 1) {
    const { txid, hex } = wallet.create(address, PAID, { height });
    const since = now();
    await node.send(hex);
    payments.push((await shownAt(till, txid)) - since);
    await sleep(100);
  }
  tell('payment', payments);
  // The first takes the payments in.
  const blocks = [];
  await node.mine(1, wallet.script);
  await shownAt(till, 'depth 1');
  const { hash } = await node.tip();
  const after = buildBranch(await node.block(hash), height + 1, count, wallet.script);
  for (const [index, block] of after.entries()) {
    const since = now();
    await node.submitBlock(block);
    blocks.push((await shownAt(till, `depth ${index + 2}`)) - since);
    await sleep(100);
  }
  tell('block', blocks);
  await counter.close();
  await node.stop();
}

const browser = await launch();
try {
  await (kind === 'bcoin' ? measureBcoin(browser) : measureOwn(browser));
} finally {
  await browser.close();
}
