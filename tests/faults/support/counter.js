/** A till whose tabs are killed, and what it showed before: none of it may be lost or given twice. */
import assert from 'node:assert/strict';
import { Tab } from '../../browser/support/browser.js';
import { decimal } from '../../browser/support/till.js';
import { go } from '../../browser/support/shop.js';

export class Counter {
  /** Every invoice that was shown, by its number. */
  shown = new Map();
  /** Every address that was shown. */
  #addresses = new Set();
  #labels = 0;
  /** The invoice that the till was set up with. */
  first;

  constructor(node, context) {
    this.node = node;
    this.context = context;
  }

  get url() {
    return `${this.node.url}till.html`;
  }

  /** Sets the till up, with a wallet that it makes for itself. */
  async setUp() {
    const tab = await Tab.open(this.context, `${this.url}#settings`);
    await tab.type('field-confirmations', '1');
    await tab.click('save-settings');
    await tab.see('network-line', { data: { state: 'connected' }, deadline: 60_000 });
    this.first = await this.ask(tab);
    await tab.page.close();
  }

  /** Asks for an amount, and notes what is shown; where it is refused, gives the sentence. */
  async tryToAsk(tab) {
    const label = `Table ${(this.#labels += 1)}`;
    const units = 100_000_000n + BigInt(this.#labels);
    await go(tab, '');
    await tab.type('field-amount', decimal(units));
    await tab.type('field-label', label);
    await tab.click('show-code');
    const { refused, data } = await tab.until(
      'an invoice is shown, or it is said why not',
      async () => {
        const error = await tab.look('error');
        if (error?.visible && error.text.trim()) return { refused: error.text };
        const address = await tab.look('address');
        return address?.visible && address;
      },
      { deadline: 60_000 },
    );
    if (refused) return { refused };
    const { text } = await tab.see('amount');
    const id = Number(/invoice=(\d+)/.exec(await tab.page.evaluate(() => location.hash))[1]);
    assert.ok(!this.#addresses.has(data.address), `${data.address} is shown a second time`);
    assert.ok(!this.shown.has(id), `number ${id} is given a second time`);
    this.#addresses.add(data.address);
    this.shown.set(id, { address: data.address, amount: text });
    return { id, address: data.address };
  }

  /** Asks for an amount that is not refused. */
  async ask(tab) {
    const asked = await this.tryToAsk(tab);
    assert.equal(asked.refused, undefined, 'an invoice is shown');
    return asked;
  }

  /** Everything that was ever shown is there; the last of it is looked at closely. */
  async seeAll(tab) {
    await go(tab, '');
    await tab.until('every invoice that was shown is in the list', async () => {
      const rows = new Set((await tab.lookAll('invoice-row')).map(({ data }) => Number(data.id)));
      // The list shows the newest.
      const newest = [...this.shown.keys()].slice(-Math.min(this.shown.size, 5));
      const missing = newest.filter((id) => !rows.has(id));
      if (missing.length > 0) throw new Error(`${missing} are missing of ${[...rows]}`);
      return true;
    });
    const [id, { address, amount }] = [...this.shown].at(-1);
    await go(tab, `invoice=${id}`);
    await tab.see('address', { data: { address } });
    assert.equal((await tab.see('amount')).text, amount);
  }

  /** A new tab, once its client runs and has a node. */
  async tab(path = '') {
    const tab = await Tab.open(this.context, this.url + path);
    await tab.see('network-line', { data: { state: 'connected' }, deadline: 60_000 });
    return tab;
  }

  /** The chain of the client is the node's. */
  async seeChain() {
    const { tip } = await this.node.health();
    const tab = await Tab.open(this.context, `${this.node.url}chain.html`);
    await tab.see('tip-hash', { data: { hash: tip }, deadline: 60_000 });
    await tab.page.close();
  }
}
