/**
 * How the pages look in each main state, in both themes, on a telephone and on a desk: no serious
 * fault that axe knows, no scrolling sideways. Pictures go to target/screenshots; with
 * FARTHING_SCREENSHOTS=1 the one of the README is made anew.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { startNode } from '../nodes/index.js';
import { SCREENSHOTS } from './support/browser.js';
import { ask, status } from './support/till.js';
import { stories } from './support/story.js';

const README = fileURLToPath(new URL('../../docs/till.png', import.meta.url));
const WIDTHS = [320, 1280];
const THEMES = ['light', 'dark'];

/** What axe finds that keeps somebody out. */
async function faultsOf(tab) {
  const violations = await tab.page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
    }));
  });
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
}

/** Shows the page in a theme, and waits until nothing moves. */
async function show(tab, theme) {
  await tab.page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: theme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await tab.until('nothing moves', () =>
    tab.page.evaluate(() => document.getAnimations().every((a) => a.playState !== 'running')),
  );
}

/** Looks at a page as it stands now: every width, every theme. */
async function inspect(tab, name) {
  await tab.front();
  for (const theme of THEMES) {
    await show(tab, theme);
    for (const width of WIDTHS) {
      await tab.page.setViewport({ width, height: width < 600 ? 720 : 900 });
      const path = join(SCREENSHOTS, `${name}-${theme}-${width}.png`);
      await tab.page.screenshot({ path, fullPage: width < 600 });
      const wide = await tab.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${name}, ${theme}: ${wide} px wide on a screen of ${width}`);
      if (!(await tab.page.evaluate(() => 'axe' in globalThis))) {
        await tab.page.evaluate(axe.source);
      }
      assert.deepEqual(await faultsOf(tab), [], `${name}, ${theme}, ${width} px`);
    }
  }
  await tab.page.setViewport({ width: 1280, height: 900 });
}

stories(
  'the look',
  (story) => {
    story('of the till on its way to settled, and of the chain', {}, async (world) => {
      const { node, wallet, address } = world;
      const counter = await world.counter();
      const fresh = await counter.tab('till.html');
      await fresh.see('sentence');
      await inspect(fresh, 'till-first');

      const till = await counter.till({ address, confirmations: 2 });
      await inspect(till, 'till-keypad');
      await ask(till, 150_000n, 'Table 7');
      await inspect(till, 'till-awaiting');
      await wallet.pay(node, address, 100_000n);
      await till.see('flag-partial');
      await inspect(till, 'till-partial');
      await wallet.pay(node, address, 50_000n);
      await status(till, 'seen');
      await inspect(till, 'till-seen');
      await node.mine(1);
      await status(till, 'confirming');
      await inspect(till, 'till-confirming');
      await node.mine(1);
      await status(till, 'settled');
      await inspect(till, 'till-settled');
      if (process.env.FARTHING_SCREENSHOTS === '1') {
        await mkdir(join(README, '..'), { recursive: true });
        await show(till, 'light');
        await till.page.screenshot({ path: README });
      }

      // It is there when the branch is abandoned: only the best chain is kept.
      const chain = await counter.tab('chain.html');
      await chain.see('peer', { data: { state: 'ready' } });
      const before = await node.tip();
      await node.branch(before.height - 2, 3);
      await till.see('alarm');
      await inspect(till, 'till-reorged');

      await chain.see('branch');
      await inspect(chain, 'chain');
      await chain.type('field-lookup', '1');
      await chain.click('lookup');
      await chain.see('block');
      await inspect(chain, 'chain-block');

      await till.click('settings');
      await till.see('save-settings');
      await inspect(till, 'till-settings');
    });

    const two = { needs: ['command', 'two'] };
    story('of the red alarm, and of a till without a node', two, async (world) => {
      const { node, wallet, address } = world;
      const second = await startNode(1);
      try {
        await second.adopt(node);
        const counter = await world.counter([node, second]);
        const till = await counter.till({ address });
        await ask(till, 150_000n);
        const { height } = await node.tip();
        const payment = wallet.create(address, 150_000n, { height });
        await node.send(payment.hex);
        await status(till, 'seen');
        await second.send(wallet.doubleSpend(payment).hex);
        await till.see('alarm');
        await inspect(till, 'till-conflict');
        await counter.cut();
        await till.see('verdict', { data: { answer: 'conflict' } });
        await inspect(till, 'till-away');
      } finally {
        await second.stop();
      }
    });
  },
  { bridges: ['our own bridge'] },
);
