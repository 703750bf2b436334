/** The page's Content Security Policy, and that no text of a stranger is ever markup. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { HOST, newAddress } from '../nodes/index.js';
import { ask } from './support/till.js';
import { stories } from './support/story.js';

/** Runs a script's text in a task of the page itself, where the policy holds, and tells how it ended. */
function attempt(tab, action, argument) {
  return tab.page.evaluate(
    (name, value) =>
      new Promise((resolve) => {
        const directives = [];
        addEventListener('securitypolicyviolation', (event) => {
          directives.push(event.effectiveDirective);
        });
        const actions = {
          // eslint-disable-next-line no-eval
          eval: () => (0, eval)(value),
          construct: () => new Function(value)(),
          fetch: () => fetch(value).then((response) => response.text()),
          worker: () => new Worker(URL.createObjectURL(new Blob([value]))),
          script: () => {
            const script = document.createElement('script');
            script.setAttribute('src', value);
            document.head.append(script);
            return new Promise((_, reject) => {
              script.onerror = () => reject(new Error('the script did not load'));
            });
          },
          markup: () => {
            document.createElement('div').innerHTML = value;
          },
        };
        const end = (outcome) => setTimeout(() => resolve({ ...outcome, directives }), 50);
        setTimeout(async () => {
          try {
            end({ result: String(await actions[name]()) });
          } catch (error) {
            end({ refused: error.name });
          }
        });
      }),
    action,
    argument,
  );
}

stories(
  'the policy of the page',
  (story) => {
    story('shows a label with markup as text', {}, async (world) => {
      const label = '<img src=x onerror="window.broken=1"><b>Table</b>';
      const till = await (await world.counter()).till({ address: world.address });
      await ask(till, 150_000n, label);
      await till.until('the label is shown as it was typed', () =>
        till.page.evaluate((text) => document.body.innerText.includes(text), label),
      );
      assert.equal(await till.page.evaluate(() => window.broken), undefined);
      assert.equal(await till.page.$('img[src="x"]'), null);

      await till.page.reload();
      await till.see('status');
      assert.equal(await till.page.evaluate(() => window.broken), undefined);
    });

    story('takes nothing from a link before it is saved', {}, async (world) => {
      const counter = await world.counter();
      await counter.till({ address: world.address });
      const foreign = encodeURIComponent('"><script>window.broken=1</script>');
      const other = await counter.tab(
        `till.html#network=regtest&address=${foreign}&label=${foreign}`,
      );
      await other.see('sentence');
      assert.equal(await other.page.evaluate(() => window.broken), undefined);
      // An address that could be another's is a proposal, to be saved or not.
      const proposed = await counter.tab(`till.html#network=regtest&address=${newAddress()}`);
      await proposed.see('save-settings');
      await proposed.page.goto(`${counter.farthing.url}till.html`);
      await ask(proposed, 150_000n);
      const { data } = await proposed.see('address');
      assert.equal(data.address, world.address);
    });

    story(
      'refuses eval, a rogue worker, a foreign script and a foreign fetch',
      {},
      async (world) => {
        const asked = [];
        const foreign = createServer((request, response) => {
          asked.push(request.url);
          response.setHeader('access-control-allow-origin', '*');
          response.end('window.broken = 1');
        });
        await new Promise((resolve) => foreign.listen(0, HOST, resolve));
        const url = `http://${HOST}:${foreign.address().port}/x.js`;
        try {
          // A page of its own: these violations are wanted.
          const counter = await world.counter();
          const tab = await counter.tab();
          const refusals = {
            eval: 'window.broken = 1',
            construct: 'window.broken = 1',
            worker: 'postMessage(1)',
            script: url,
            fetch: url,
            markup: '<b>bold</b>',
          };
          for (const [action, argument] of Object.entries(refusals)) {
            const { refused, result, directives } = await attempt(tab, action, argument);
            assert.ok(refused, `${action} is refused, and not answered with ${result}`);
            assert.ok(directives.length > 0, `${action} is refused by the policy (${refused})`);
          }
          assert.deepEqual(asked, [], 'nothing left for the foreign server');
          assert.equal(await tab.page.evaluate(() => window.broken), undefined);
          tab.console.length = 0;
        } finally {
          foreign.closeAllConnections();
          foreign.close();
        }
      },
    );
  },
  { bridges: ['our own bridge'] },
);
