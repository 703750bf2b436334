/** The till as a cashier uses it, and the ways that lead from its page to a node. */
import assert from 'node:assert/strict';
import { Websockify } from '../../nodes/bridges.js';
import { Tab } from './browser.js';
import { Farthing } from './farthing.js';

/** Integer units as a decimal amount. */
export function decimal(units) {
  const digits = String(units).padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}

/** Both ways to a node: our own bridge, and one that nobody here wrote. */
export const BRIDGES = ['our own bridge', 'websockify'];

/** Everything between the page and the nodes, on an origin of its own: nothing is stored there yet. */
export class Counter {
  #websockifies = [];
  #tabs = [];

  static async open(browser, bridge, nodes) {
    const counter = new Counter();
    counter.browser = browser;
    counter.bridge = bridge;
    counter.farthing = new Farthing(nodes);
    await counter.farthing.start();
    if (bridge === 'websockify') {
      counter.#websockifies = nodes.map((node) => new Websockify(node.host, node.port));
      await Promise.all(counter.#websockifies.map((websockify) => websockify.start()));
    }
    return counter;
  }

  /** Nodes that the cashier types in; none where the offered ones are used. */
  get typedNodes() {
    return this.#websockifies.map(({ url }) => url);
  }

  /** Cuts the way to the nodes: the connections end as when a network goes away. */
  async cut() {
    if (this.bridge === 'websockify') await Promise.all(this.#websockifies.map((w) => w.stop()));
    else await this.farthing.stop();
  }

  /** Opens the way again. */
  async mend() {
    if (this.bridge === 'websockify') await Promise.all(this.#websockifies.map((w) => w.start()));
    else await this.farthing.start();
  }

  /** Another tab on the same origin. */
  async tab(path = '', options) {
    const tab = await Tab.open(this.browser, this.farthing.url + path, options);
    this.#tabs.push(tab);
    return tab;
  }

  /** A till that is set up as a merchant does it. */
  async till({ address, confirmations = 1, expiry } = {}, options) {
    const tab = await this.tab('till.html#settings', options);
    await tab.choose('field-network', 'regtest');
    const typed = this.typedNodes;
    await tab.tick('offered-node', typed.length === 0);
    await tab.type('field-nodes', '');
    if (typed.length > 0) await tab.type('field-nodes', typed.join('\n'));
    await tab.type('field-address', address);
    await tab.type('field-confirmations', String(confirmations));
    if (expiry !== undefined) await tab.type('field-expiry', String(expiry));
    await tab.click('save-settings');
    await tab.see('show-code');
    await tab.see('network-line', { data: { state: 'connected' } });
    return tab;
  }

  /** Ends everything, and says what no story may leave behind. */
  async close() {
    const faults = this.#tabs.flatMap((tab) => tab.faults());
    await Promise.all(this.#tabs.map((tab) => tab.page.close()));
    await Promise.all(this.#websockifies.map((websockify) => websockify.stop()));
    await this.farthing.stop();
    assert.deepEqual(faults, [], 'no uncaught error and no violation of the policy');
  }
}

/** Asks for an amount of integer units and shows its code. */
export async function ask(tab, units, label = '') {
  await tab.type('field-amount', decimal(units));
  if (label) await tab.type('field-label', label);
  await tab.click('show-code');
  await tab.see('status', { data: { status: 'awaiting' } });
  const { data } = await tab.see('amount');
  assert.equal(data.units, String(units));
}

/** Waits for a status, and gives the sentence that the page says with it. */
export async function status(tab, name, more = {}) {
  await tab.see('status', { data: { status: name, ...more } });
  const { text } = await tab.see('sentence');
  assert.notEqual(text.trim(), '', 'the page says a sentence');
  return text;
}
