/** How a page looks: in both themes, on a telephone and on a desk. Pictures go to target/screenshots. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import axe from 'axe-core';
import { SCREENSHOTS } from './browser.js';

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
export async function show(tab, theme) {
  await tab.page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: theme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await tab.until('nothing moves', () =>
    tab.page.evaluate(() => document.getAnimations().every((a) => a.playState !== 'running')),
  );
}

/**
 * Looks at a page as it stands now, in every width and theme: no serious fault that axe knows, no
 * scrolling sideways.
 */
export async function inspect(tab, name) {
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
