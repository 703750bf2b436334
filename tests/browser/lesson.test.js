/**
 * The lessons as a student and a teacher use them, from a static host: predict, play, pause, step both
 * ways, and read figures that are those of the native run with the same seed. With
 * FARTHING_SCREENSHOTS=1 the picture of the README is made anew.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { SCREENSHOTS, Tab, launch } from './support/browser.js';
import { inspect, show } from './support/look.js';
import { serveSite } from './support/site.js';

const PICTURE = fileURLToPath(new URL('../../docs/lesson.png', import.meta.url));
/** What Rust's own tests check natively and in a worker. */
const KNOWN = JSON.parse(
  await readFile(new URL('../../src/lab/src/lessons/known.json', import.meta.url), 'utf8'),
);

/** The link to a known run. */
function linkOf({ setup, position }) {
  const { type, ...rest } = setup;
  const names =
    type === 'race'
      ? { chapter: 11, seed: rest.seed, q: rest.share, z: rest.depth }
      : {
          ...{ chapter: 10, seed: rest.seed, n: rest.nodes, delay: rest.delay },
          ...{ spacing: rest.spacing, cut: rest.cut, heal: rest.heal },
        };
  const given = Object.entries({ ...names, t: position }).filter(([, value]) => value !== null);
  return `lesson.html#${given.map(([key, value]) => `${key}=${value}`).join('&')}`;
}

describe('lessons', () => {
  let browser;
  let site;
  before(async () => {
    [browser, site] = await Promise.all([launch(), serveSite()]);
  });
  after(async () => {
    await browser?.close();
    site?.close();
  });

  /** A story of one visitor, who leaves no uncaught error behind. */
  const story = (name, body) =>
    test(name, { timeout: 240_000 }, async () => {
      const context = await browser.createBrowserContext();
      const tabs = [];
      const open = async (path, options) => {
        const tab = await Tab.open(context, site.url + path, options);
        tabs.push(tab);
        await tab.see('sentence');
        return tab;
      };
      try {
        await body(open, context);
        assert.deepEqual(
          tabs.flatMap((tab) => tab.faults()),
          [],
          'no uncaught error and no violation of the policy',
        );
      } finally {
        await context.close();
      }
    });

  const run = async (tab) => {
    const { data } = await tab.look('lesson');
    return { ...data, position: Number(data.position) };
  };
  const figure = async (tab, id) => Number((await tab.look(`figure-${id}`)).data.value);
  const labs = (tab) => tab.page.workers().filter((worker) => /lab-worker/.test(worker.url()));
  const seePhase = (tab, phase, deadline = 60_000) =>
    tab.see('lesson', { data: { phase }, deadline });
  const press = (tab, key) => tab.page.keyboard.press(key);

  story('chapter 11: predict, play, pause, step both ways, conclude', async (open) => {
    const tab = await open('lesson.html#chapter=11&seed=42');
    assert.equal((await run(tab)).phase, 'ready');
    assert.equal(labs(tab).length, 0, 'nothing runs before a click');
    await tab.click('play');
    assert.equal((await run(tab)).phase, 'ready', 'the question comes first');
    assert.equal(await tab.page.evaluate(() => document.activeElement?.id), 'prediction');
    for (let presses = 0; presses < 10; presses += 1) await press(tab, 'ArrowLeft');
    await tab.click('predict');
    await tab.see('predicted', { data: { value: 40 } });

    // Block by block.
    await tab.click('play');
    await tab.until('three blocks were found', async () => (await run(tab)).position >= 3);
    assert.equal(labs(tab).length, 1);
    await tab.click('play');
    const paused = await run(tab);
    assert.equal(paused.phase, 'paused');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const rested = await run(tab);
    assert.deepEqual(rested, await run(tab), 'a pause holds');
    await tab.click('step');
    await tab.until(
      'one block more',
      async () => (await run(tab)).position === rested.position + 1,
    );
    await tab.until('it rests', async () => (await run(tab)).phase === 'paused');
    assert.notEqual((await run(tab)).trace, rested.trace);
    await tab.click('step-back');
    await tab.until('the same as before', async () => (await run(tab)).trace === rested.trace);
    assert.equal((await run(tab)).position, rested.position);

    // As fast as it goes, until the conclusion.
    await tab.see('conclusion-later');
    await tab.choose('field-speed', '3');
    await tab.click('play');
    await tab.see('conclusion', { deadline: 60_000 });
    await tab.click('play');
    await seePhase(tab, 'paused');
    const { data: compared } = await tab.see('compared');
    assert.equal(Number(compared.predicted), 40);
    const rate = await figure(tab, 'rate');
    assert.ok(Math.abs(Number(compared.measured) - 100 * rate) < 1e-9);
    // Rosenfeld's and the paper's, for a share of 30% and six blocks.
    const [exact, paper] = [await figure(tab, 'exact'), await figure(tab, 'paper')];
    assert.ok(Math.abs(exact - 0.1564496) < 1e-7, `${exact}`);
    assert.ok(Math.abs(paper - 0.1321112) < 1e-7, `${paper}`);
    const { text } = await tab.see('sentence');
    const races = Number(/of ([\d,]+) races/.exec(text)[1].replaceAll(',', ''));
    assert.ok(races >= 10_000, text);
    const deviation = Math.sqrt((exact * (1 - exact)) / races);
    assert.ok(Math.abs(rate - exact) < 5 * deviation, `${rate} of ${races} races`);

    // Other settings are another question; the old run stays in the table.
    await tab.page.$eval('[data-testid="field-z"]', (slider) => {
      slider.value = '10';
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await tab.see('field-prediction');
    assert.equal(labs(tab).length, 0, 'the old run is over');
    await tab.see('figure-printed', { data: { value: 0.0416605 } });
    await tab.click('stop');
    await seePhase(tab, 'ready');
  });

  story('the same seed, the same figures as natively', async (open) => {
    for (const known of KNOWN) {
      const tab = await open(linkOf(known));
      assert.equal(labs(tab).length, 0);
      await tab.click('go-to');
      await tab.see('lesson', { data: { trace: known.trace, phase: 'paused' }, deadline: 120_000 });
      assert.equal((await run(tab)).position, known.position);
      const { text } = await tab.see('sentence');
      for (const [name, value] of Object.entries(known.figures)) {
        // Counts are in the sentence, shares are figures.
        if (Number.isInteger(value) && value > 1)
          assert.ok(text.includes(value.toLocaleString('en')), `${name} ${value}: ${text}`);
        else assert.equal(await figure(tab, name), value, name);
      }
      if (known.setup.type === 'network') {
        const { nodes: n, delay: d, spacing: T } = known.setup;
        const formula = ((1 - 1 / n) * d) / (T + d);
        assert.ok(Math.abs((await figure(tab, 'formula')) - formula) < 1e-12);
        assert.equal(await figure(tab, 'published'), 0.0169);
        if (!known.setup.cut) assert.ok(Math.abs((await figure(tab, 'delay')) - d) < 0.02 * d);
      }
      await tab.page.close();
    }
  });

  story(
    'chapter 10: a cut makes two tips, its heal one, and the link shows it again',
    async (open) => {
      const tab = await open('lesson.html#chapter=10&seed=5&n=5&delay=30&spacing=300');
      await tab.click('skip-prediction');
      await tab.click('step');
      await tab.until('a block was found', async () => (await run(tab)).position > 0);
      const first = await run(tab);
      await tab.click('step');
      await tab.until('it spread', async () => (await run(tab)).position > first.position);
      await tab.click('step-back');
      await tab.until('back before that', async () => (await run(tab)).trace === first.trace);

      await tab.choose('field-speed', '1');
      await tab.click('play');
      await tab.until('some time passed', async () => (await run(tab)).position > 2000);
      await tab.click('cut');
      await tab.see('ring', { data: { cut: true } });
      await tab.until('both sides found blocks', async () => {
        const tips = new Set((await tab.lookAll('node')).map(({ data }) => data.tip));
        return tips.size >= 2 && (await run(tab)).position > 6000;
      });
      await tab.click('heal');
      await tab.see('ring', { data: { cut: false } });
      await tab.choose('field-speed', '2');
      await tab.until('one tip, and a history rewritten', async () => {
        const depths = (await tab.lookAll('depth')).map(({ data }) => Number(data.blocks));
        const { data } = await tab.look('ring');
        return data.tips === '1' && Math.max(0, ...depths) >= 2;
      });
      await tab.click('play');
      await seePhase(tab, 'paused');
      // What a pause shows last came with the slice that was under way.
      await tab.until('it rests', async () => {
        const { trace } = await run(tab);
        await new Promise((resolve) => setTimeout(resolve, 300));
        return (await run(tab)).trace === trace;
      });
      await tab.choose('field-look', '4');
      await tab.see('block-tree');
      const { trace } = await run(tab);
      await tab.click('copy-link');
      const address = await tab.page.evaluate(() => location.hash);
      assert.match(address, /cut=\d.*&heal=\d.*&t=\d/);
      await tab.page.setViewport({ width: 1280, height: 900 });
      const again = await open(`lesson.html${address}`);
      await again.click('go-to');
      await again.see('lesson', { data: { trace }, deadline: 120_000 });
      await again.click('stop');
      await again.click('uncut');
      await again.seeNo('uncut');
      assert.doesNotMatch(await again.page.evaluate(() => location.hash), /cut|heal/);
    },
  );

  story('what a link cannot have is said, and nothing breaks', async (open) => {
    const tab = await open('lesson.html#chapter=7&lang=fr');
    const types = async () => (await tab.lookAll('link-problem')).map(({ data }) => data.type);
    assert.deepEqual(await types(), ['chapter', 'language']);
    await tab.page.evaluate(() => {
      location.hash = '#chapter=11&q=99&seed=x&zoom=2';
    });
    await tab.until('each is named', async () => (await types()).join() === 'range,range,unknown');
    const { text } = await tab.look('link-problem');
    assert.match(text, /seed=x/);
    await tab.see('value-q', { data: { value: 30 } });
    await tab.type('field-seed', '-3');
    await press(tab, 'Tab');
    await tab.see('error', { data: { field: 'seed' } });
    await tab.type('field-seed', '77');
    await press(tab, 'Tab');
    await tab.until('the address has it', () =>
      tab.page.evaluate(() => location.hash.includes('seed=77')),
    );
  });

  story('keys play, step, choose chapters, open tables and help', async (open) => {
    const tab = await open('lesson.html#chapter=11&seed=3');
    await tab.click('skip-prediction');
    await tab.page.evaluate(() => document.activeElement?.blur());
    await press(tab, 'ArrowRight');
    await tab.until('a step', async () => (await run(tab)).position === 1);
    await press(tab, 'ArrowRight');
    await tab.until('two steps', async () => (await run(tab)).position === 2);
    await press(tab, 'ArrowLeft');
    await tab.until('one back', async () => (await run(tab)).position === 1);
    await press(tab, 'Space');
    await seePhase(tab, 'playing');
    await press(tab, 'Space');
    await seePhase(tab, 'paused');
    await press(tab, 't');
    await tab.see('trace', { text: /^[0-9a-f]{16}$/ });
    await tab.page.keyboard.type('?');
    await tab.see('keys');
    await press(tab, 'Escape');
    await tab.seeNo('keys');
    await press(tab, 's');
    await seePhase(tab, 'ready');
    assert.equal(labs(tab).length, 0);
    await press(tab, '1');
    await press(tab, '0');
    await tab.see('lesson', { data: { chapter: 10 } });
    await press(tab, '1');
    await press(tab, '1');
    await tab.see('lesson', { data: { chapter: 11 } });
    await press(tab, '4');
    await tab.see('link-problem', { data: { type: 'chapter' } });
  });

  story('the measured figures are saved as a file', async (open) => {
    const known = KNOWN[0];
    const tab = await open(linkOf(known));
    const folder = await mkdtemp(join(tmpdir(), 'farthing-csv-'));
    try {
      const session = await tab.page.createCDPSession();
      await session.send('Browser.setDownloadBehavior', {
        behavior: 'allow',
        downloadPath: folder,
        browserContextId: tab.page.browserContext().id,
      });
      await tab.click('go-to');
      await tab.see('lesson', { data: { trace: known.trace } });
      await press(tab, 't');
      await tab.click('csv');
      const name = 'farthing-lesson-11.csv';
      await tab.until('it is there', async () => (await readdir(folder)).includes(name));
      const [head, row, ...more] = (await readFile(join(folder, name), 'utf8')).split('\r\n');
      assert.deepEqual(more, ['']);
      const cells = Object.fromEntries(
        head.split(',').map((key, i) => [JSON.parse(key), row.split(',')[i]]),
      );
      assert.equal(cells.seed, '42');
      assert.equal(Number(cells.rate), known.figures.rate);
      assert.equal(JSON.parse(cells.trace), known.trace);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  story('works off-line, without a network in its worker, and after it broke', async (open) => {
    const tab = await open('lesson.html#chapter=11&seed=3');
    await tab.click('skip-prediction');
    await tab.click('step');
    await tab.until('a step', async () => (await run(tab)).position === 1);
    const [worker] = labs(tab);
    const fetched = await worker.evaluate(async (url) => {
      try {
        return (await fetch(url)).status;
      } catch (error) {
        return error.name;
      }
    }, site.url);
    assert.equal(fetched, 'TypeError', 'its policy allows no connection');
    tab.console.length = 0;
    await tab.page.setOfflineMode(true);
    await tab.click('stop');
    await seePhase(tab, 'ready');
    await tab.click('step');
    await tab.until('it steps off-line', async () => (await run(tab)).position === 1);
    await tab.page.setOfflineMode(false);
    await labs(tab)[0].evaluate(() => {
      setTimeout(() => {
        throw new WebAssembly.RuntimeError('unreachable: a test broke the worker');
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await tab.click('step');
    await seePhase(tab, 'broken');
    await tab.see('stage-word', { text: /broke.*unreachable/ });
    await tab.click('step');
    await tab.until('it begins again', async () => (await run(tab)).phase === 'paused');
  });

  story('looks right, in both themes, on a telephone, a desk and a projector', async (open) => {
    const tab = await open('lesson.html#chapter=11&seed=42&t=600000');
    await inspect(tab, 'lesson-11-first');
    await tab.click('go-to');
    await tab.see('conclusion', { deadline: 60_000 });
    await seePhase(tab, 'paused');
    await inspect(tab, 'lesson-11-played');
    await press(tab, 't');
    await inspect(tab, 'lesson-11-tables');
    await press(tab, 't');
    await projected(tab, 'lesson-11-projected');

    const other = await open('lesson.html#chapter=10&seed=42&cut=40000&heal=52000&t=70000');
    await inspect(other, 'lesson-10-first');
    await other.click('go-to');
    await other.see('conclusion', { deadline: 120_000 });
    await seePhase(other, 'paused');
    await inspect(other, 'lesson-10-played');
    await projected(other, 'lesson-10-projected');
    if (process.env.FARTHING_SCREENSHOTS === '1') {
      await press(other, 'p');
      await show(other, 'light');
      await other.page.setViewport({ width: 1280, height: 900 });
      await other.page.screenshot({ path: PICTURE });
    }
  });

  /** Presented: no text under 24 px, contrast of at least 7, no scrolling sideways. */
  async function projected(tab, name) {
    await tab.page.evaluate(() => document.activeElement?.blur());
    await press(tab, 'p');
    for (const width of [1280, 1920])
      for (const theme of ['light', 'dark']) {
        await tab.page.setViewport({ width, height: Math.round((width * 9) / 16) });
        await show(tab, theme);
        await tab.page.screenshot({ path: join(SCREENSHOTS, `${name}-${theme}-${width}.png`) });
        const { wide, small } = await tab.page.evaluate(() => {
          const small = [];
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const { parentElement: at, textContent } = walk.currentNode;
            const seen =
              textContent.trim() && at.checkVisibility() && !at.closest('.unseen, .skip');
            if (!seen) continue;
            const size = parseFloat(getComputedStyle(at).fontSize);
            if (size < 24) small.push(`${size}: ${textContent.trim().slice(0, 40)}`);
          }
          return { wide: document.documentElement.scrollWidth, small };
        });
        assert.deepEqual(small, [], `${name}, ${width}: text under 24 px`);
        assert.ok(wide <= width, `${name}: ${wide} px wide on a screen of ${width}`);
        if (!(await tab.page.evaluate(() => 'axe' in globalThis)))
          await tab.page.evaluate(axe.source);
        const poor = await tab.page.evaluate(async () => {
          const { violations } = await globalThis.axe.run(document, {
            runOnly: { type: 'rule', values: ['color-contrast-enhanced'] },
          });
          return violations.flatMap(({ nodes }) =>
            nodes.map((node) => `${node.target}: ${node.failureSummary}`),
          );
        });
        assert.deepEqual(poor, [], `${name}, ${theme}, ${width}: contrast under 7`);
      }
    await tab.page.setViewport({ width: 1280, height: 900 });
  }
});
