/** Plain http from another machine: the page works with what the browser leaves it, and says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tab, launch } from './support/browser.js';
import { OwnNode } from './support/own-node.js';

/** A name that is no localhost: the browser takes the page for one from elsewhere. */
const NAME = 'till.test';

test(
  'over plain http a page says what it falls back to, and works',
  { timeout: 120_000 },
  async () => {
    const node = new OwnNode({ host: NAME, args: ['--name', NAME] });
    const browser = await launch([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
    try {
      await node.start();
      const tab = await Tab.open(browser, `${node.url}wallet.html`);
      assert.equal(await tab.page.evaluate(() => isSecureContext), false);
      await tab.see('fallbacks', { text: /plain http/ });
      await tab.click('create');
      await tab.click('make-wallet');
      await tab.see('phrase', { deadline: 60_000 });
      await tab.click('phrase-later');
      await tab.see('balance');
      await tab.see('fallbacks', { data: { storage: 'indexeddb' } });
      await tab.page.goto(`${node.url}till.html`, { waitUntil: 'load' });
      await tab.type('field-amount', '1');
      await tab.click('show-code');
      await tab.see('status', { data: { status: 'awaiting' } });
      await tab.page.goto(`${node.url}lan.html`, { waitUntil: 'load' });
      await tab.see('sentence', { text: /another device/ });
      assert.deepEqual(tab.faults(), []);
    } finally {
      await browser.close();
      await node.stop();
    }
  },
);
