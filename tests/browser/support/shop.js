/**
 * A farthing network as people use it: a node of the binary, and tabs of its pages. A person is a
 * browser profile of their own (an incognito context), so that nobody sees another's wallet.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Tab, launch } from './browser.js';
import { OwnNode } from './own-node.js';
import { decimal } from './till.js';

/** What a block creates, in units. */
export const SUBSIDY = 500_000_000n;

/** Somebody with a browser of their own. */
export class Person {
  #tabs = [];

  constructor(context, node) {
    this.context = context;
    this.node = node;
  }

  /** A tab of a node's site; without another, of the one that this person uses. */
  async tab(path = '', { node = this.node, ...options } = {}) {
    const tab = await Tab.open(this.context, node.url + path, options);
    this.#tabs.push(tab);
    return tab;
  }

  /** The Wallet page with a wallet that was just made. */
  async wallet(options) {
    const tab = await this.tab('wallet.html', options);
    await tab.click('create');
    await tab.click('make-wallet');
    await tab.see('phrase', { deadline: 60_000 });
    const words = (await tab.lookAll('phrase-word')).map(({ text }) => text.trim());
    await tab.click('phrase-later');
    await tab.see('balance');
    return { tab, words };
  }

  /** The Wallet page with the wallet of a phrase. */
  async restored(words, options) {
    const tab = await this.tab('wallet.html#restore', options);
    await tab.type('field-phrase', words.join(' '));
    await tab.click('restore-wallet');
    await tab.see('balance', { deadline: 60_000 });
    return tab;
  }

  /** The till, set up as a merchant does it, paid to this browser's wallet. */
  async till({ confirmations = 1, expiry } = {}, options) {
    const tab = await this.tab('till.html#settings', options);
    await tab.type('field-confirmations', String(confirmations));
    if (expiry !== undefined) await tab.type('field-expiry', String(expiry));
    await tab.click('save-settings');
    await tab.see('show-code');
    await tab.see('network-line', { data: { state: 'connected' } });
    return tab;
  }

  /** Ends it, and says what no story may leave behind. */
  async leave() {
    const faults = this.#tabs.flatMap((tab) => tab.faults());
    await this.context.close();
    assert.deepEqual(faults, [], 'no uncaught error and no violation of the policy');
  }
}

/** Goes to a view of the page by its address. */
export const go = (tab, hash) =>
  tab.page.evaluate((to) => {
    location.hash = to;
  }, hash);

/** An address of this wallet that nobody was given before. */
export async function receive(wallet) {
  await go(wallet, 'receive');
  const { data } = await wallet.see('address');
  await go(wallet, '');
  await wallet.see('balance');
  return data.address;
}

/** Waits until that much can be spent. */
export const seeSpendable = (wallet, units, options) =>
  wallet.see('balance', { data: { units }, ...options });

/** Asks for an amount at a till that is paid to a wallet; gives the payment link. */
export async function invoice(till, units, label = '') {
  await till.type('field-amount', decimal(units));
  if (label) await till.type('field-label', label);
  await till.click('show-code');
  // The first invoice of a browser may have to make its wallet.
  await till.see('status', { data: { status: 'awaiting' }, deadline: 60_000 });
  const { data } = await till.see('qr');
  return data.uri;
}

/** Answers the question for the passphrase, if it is asked. */
async function unlockIfAsked(tab, done) {
  await tab.until('it is signed, or the passphrase is asked for', async () => {
    if ((await tab.look('unlock'))?.visible) {
      await tab.click('unlock');
      return true;
    }
    return (await tab.look(done))?.visible;
  });
}

async function sign(wallet) {
  const { data: fee } = await wallet.see('review-fee');
  await wallet.click('sign');
  await unlockIfAsked(wallet, 'sent');
  const { data } = await wallet.see('sent', { deadline: 60_000 });
  await wallet.click('back');
  await wallet.see('balance');
  return { txid: data.txid, fee: BigInt(fee.units) };
}

/** Pays a link, or an address with an amount, as a person does; gives the transaction's id and fee. */
export async function pay(wallet, to, { units, rate } = {}) {
  await go(wallet, 'send');
  await wallet.type('field-to', to);
  if (units !== undefined) await wallet.type('field-send-amount', decimal(units));
  if (rate !== undefined) {
    await wallet.click('fee-fold');
    await wallet.type('field-fee-rate', String(rate));
  }
  await wallet.click('review-payment');
  return sign(wallet);
}

/** Raises the fee of an unconfirmed payment; gives the transaction that takes its place. */
export async function raise(wallet, txid) {
  await go(wallet, `raise=${txid}`);
  await wallet.click('review-payment');
  await wallet.see('review-replaces', { data: { txid } });
  return sign(wallet);
}

/**
 * Tells stories of a network of one's own: `tell` gets `story(name, body)`; a body gets `person()`, a
 * person with an empty browser, and `node(options)`, a node that is started and ended with the story.
 * The browser is started with more `flags`.
 */
export function ownStories(title, tell, flags = []) {
  describe(title, () => {
    let browser;
    before(async () => (browser = await launch(flags)));
    after(async () => browser?.close());

    tell((name, body) =>
      test(name, { timeout: 300_000 }, async () => {
        const people = [];
        const nodes = [];
        const node = async (options) => {
          const started = new OwnNode(options);
          nodes.push(started);
          return started.start();
        };
        const person = async (at) => {
          const context = await browser.createBrowserContext();
          const someone = new Person(context, at);
          people.push(someone);
          return someone;
        };
        let failed = true;
        try {
          await body({ node, person });
          failed = false;
        } finally {
          for (const someone of people) {
            // What the story itself says is worth more than what is left behind.
            await someone.leave().catch((error) => {
              if (!failed) throw error;
            });
          }
          for (const started of nodes) await started.stop();
        }
      }),
    );
  });
}
