/**
 * The search on a graphics processor, as it is built, in a Chromium whose graphics processor is a program (SwiftShader):
 * slow, and WebGPU all the same. What lies or breaks is made to by patches of WebGPU's own calls, before the worker's script.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, SOFTWARE_GRAPHICS } from './support/browser.js';
import { inspect } from './support/look.js';
import { HASH, HEADER, firstBlock, script } from './support/search.js';
import { ownStories } from './support/shop.js';
import { serveSite } from './support/site.js';

const FIRST = { type: 'search', id: 1, ...firstBlock(100_000) };
/** The last nonces of the last of two groups of versions; about one in 256 hashes is wanted. */
const EASY = {
  ...FIRST,
  target: `00${'f'.repeat(62)}`,
  versionMask: 0b1_1111 << 13,
  group: 1,
  from: 2 ** 32 - 1200,
  all: true,
};
/** As many hits as there are hashes: more than any piece reports. */
const EVERY = { ...EASY, target: 'f'.repeat(64), from: 2 ** 32 - 20 };
/** Nothing is found. */
const NEVER = { ...FIRST, target: '0'.repeat(64), from: 0 };

/** Elsewhere Chromium's flags for it do nothing. */
const skip = process.platform === 'linux' ? false : 'only on Linux does Chromium imitate one';

let site;
let browser;
before(async () => {
  if (skip) return;
  site = await serveSite();
  browser = await launch(SOFTWARE_GRAPHICS);
});
after(async () => {
  await browser?.close();
  site?.close();
});

/** All that a worker says after these messages, up to the first of these types. */
async function tell(messages, until, { patch = '', where = browser } = {}) {
  const page = await where.newPage();
  try {
    // Nothing is there: a page of this origin without a policy of its own.
    await page.goto(`${site.url}search`);
    return await page.evaluate(
      ({ path, messages, until, patch }) =>
        new Promise((resolve, reject) => {
          const code = `${patch}\nconst early = []; onmessage = (event) => early.push(event);
            await import(${JSON.stringify(new URL(path, location.href).href)});
            for (const event of early) onmessage(event);`;
          const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
          const worker = new Worker(url, { type: 'module' });
          const said = [];
          worker.onmessage = ({ data }) => {
            said.push(data);
            if (until.includes(data.type)) resolve(said);
            if (data.type === 'trapped') reject(new Error(data.reason));
          };
          worker.onerror = (event) => reject(new Error(event.message));
          for (const message of messages) worker.postMessage(message);
        }),
      { path: `/assets/${script}`, messages, until, patch },
    );
  } finally {
    await page.close();
  }
}

const GRAPHICS = { type: 'graphics', software: true };
const onGraphics = (search, until, how) => tell([GRAPHICS, search], until, how);
const headers = (said) => said.filter(({ type }) => type === 'found').map(({ header }) => header);
const hashes = (said) =>
  said.filter(({ type }) => type === 'searched').reduce((sum, told) => sum + told.hashes, 0);

test('a graphics processor finds the first block of Bitcoin', { skip }, async () => {
  const said = await onGraphics(FIRST, ['found', 'unfit']);
  const [ready, graphics] = said;
  assert.equal(ready.type, 'ready');
  assert.deepEqual(graphics, { type: 'graphics', name: 'google swiftshader' });
  assert.deepEqual(said.at(-1), { type: 'found', id: 1, header: `${HEADER}1dac2b7c`, hash: HASH });
  const told = said.findLast(({ type }) => type === 'searched');
  assert.equal(told.next - FIRST.from, hashes(said), 'every hash is told of once');
});

test(
  'it finds what a core finds, with every version and up to the last nonce',
  { skip },
  async () => {
    const [core, graphics] = [
      await tell([EASY], ['exhausted']),
      await onGraphics(EASY, ['exhausted', 'unfit']),
    ];
    assert.equal(hashes(graphics), 1200 * 16);
    assert.ok(headers(core).length > 20, `${headers(core).length} hits`);
    assert.deepEqual(headers(graphics).sort(), headers(core).sort());
    assert.equal(graphics.at(-1).type, 'exhausted');
  },
);

test('more hits than one piece can report are all found', { skip }, async () => {
  const said = await onGraphics(EVERY, ['exhausted', 'unfit']);
  assert.equal(said.at(-1).type, 'exhausted');
  assert.equal(headers(said).length, 20 * 16);
  assert.equal(new Set(headers(said)).size, 20 * 16);
  assert.equal(hashes(said), 20 * 16);
});

test('new work takes the place of the old within a piece', { skip }, async () => {
  const other = { ...FIRST, id: 2 };
  const said = await tell([GRAPHICS, NEVER, other], ['found', 'unfit']);
  assert.equal(said.at(-1).id, 2);
  assert.equal(said.at(-1).hash, HASH);
});

test('a browser that gives none: the worker says so, and searches nothing', { skip }, async () => {
  const own = await launch();
  try {
    const said = await tell([GRAPHICS], ['unfit', 'graphics'], { where: own });
    assert.deepEqual(said.at(-1), { type: 'unfit', why: 'absent' });
  } finally {
    await own.close();
  }
});

test(
  'one that refuses the program is not used: the worker says so, and searches nothing',
  { skip },
  async () => {
    const patch = `GPUDevice.prototype.createComputePipelineAsync = async () => { throw new Error('no'); };`;
    const said = await tell([GRAPHICS], ['unfit', 'graphics'], { patch });
    assert.deepEqual(said.at(-1), { type: 'unfit', why: 'broken' });
  },
);

test(
  'a program that imitates one is not used unasked: the worker says so, and searches nothing',
  { skip },
  async () => {
    const said = await tell([{ ...GRAPHICS, software: false }], ['unfit', 'graphics']);
    assert.deepEqual(said.at(-1), { type: 'unfit', why: 'software' });
  },
);

/** What the processor answers goes through this: `found` are its numbers, the count and the claims. */
const answering = (change) => `
  const range = GPUBuffer.prototype.getMappedRange;
  GPUBuffer.prototype.getMappedRange = function (...args) {
    const bytes = range.apply(this, args);
    const found = new Uint32Array(bytes);
    ${change}
    return bytes;
  };`;
async function isNotUsed(change) {
  const said = await onGraphics(NEVER, ['unfit', 'searched'], { patch: answering(change) });
  assert.deepEqual(said.at(-1), { type: 'unfit', why: 'wrong' });
  assert.deepEqual(headers(said), []);
}
test('one that misses what there is is not used', { skip }, () => isNotUsed('found[0] = 0;'));
test('one that misses one of many is not used', { skip }, () =>
  isNotUsed('if (found[0] > 3) found[0] -= 1;'),
);
test('one that finds what there is not is not used', { skip }, () =>
  isNotUsed('found[0] = 1; found[2] = 7; found[3] = 0;'),
);
test('one that finds more than it tried is not used', { skip }, () =>
  isNotUsed('found[0] = 1000;'),
);
test('one that finds versions that there are not is not used', { skip }, () =>
  isNotUsed('found[0] = 1; found[3] = 99;'),
);

test('one that begins to miscount later is not used any more', { skip }, async () => {
  // Its first look was well; a minute later it misses all.
  const patch = `let later = 0; const now = performance.now.bind(performance);
    performance.now = () => now() + later;
    ${answering('if (later) found[0] = 0;')}
    setTimeout(() => { later = 61_000; }, 3000);`;
  const said = await onGraphics(NEVER, ['unfit'], { patch });
  assert.deepEqual(said.at(-1), { type: 'unfit', why: 'wrong' });
  assert.ok(hashes(said) > 0, 'it searched before');
});

async function endsWith(reason, fault) {
  const patch = `let lent; const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...args) {
      return (lent = await request.apply(this, args));
    };
    ${fault}`;
  await assert.rejects(onGraphics(NEVER, ['unfit'], { patch }), reason);
}
test('one that is lost ends the worker, which says why', { skip }, () =>
  endsWith(/was lost/, 'setTimeout(() => lent.destroy(), 2000);'),
);
test('one that never answers ends the worker, which says why', { skip }, () =>
  endsWith(
    /was lost: .*did not answer/,
    'GPUBuffer.prototype.mapAsync = () => new Promise(() => {});',
  ),
);

/** The cores' workers are given nothing: what is found is the graphics processor's. */
const coresRest = () => {
  const Plain = globalThis.Worker;
  globalThis.Worker = class extends Plain {
    #core = true;
    postMessage(message) {
      if (message.type === 'graphics') this.#core = false;
      if (message.type !== 'search' || !this.#core) super.postMessage(message);
    }
  };
};

if (skip) test('Mine with a graphics processor', { skip }, () => {});
else
  ownStories(
    'Mine with a graphics processor',
    (story) => {
      story(
        'finds a block that the node takes, and says who searches',
        async ({ node, person }) => {
          const site = await node();
          const visitor = await person(site);
          await visitor.wallet();
          const tab = await visitor.tab('work.html');
          await tab.page.evaluateOnNewDocument(coresRest);
          await tab.page.evaluate(() =>
            localStorage.setItem('farthing.work', JSON.stringify({ workers: 1, graphics: 'on' })),
          );
          await tab.page.reload({ waitUntil: 'load' });
          await tab.see('work-state', { data: { state: 'stopped' } });
          await tab.click('start-work');
          const graphics = async () =>
            (await tab.lookAll('worker')).find(
              ({ data }) => data.graphics === 'google swiftshader',
            );
          await tab.until('the graphics processor searches', async () => {
            const worker = await graphics();
            return worker?.data.state === 'searching' && Number(worker.data.rate) > 0;
          });
          assert.match((await graphics()).text, /graphics \(google swiftshader\)/);
          await tab.see('found-block', { data: { state: 'best' }, deadline: 120_000 });
          await tab.until(
            'it is its own',
            async () => Number((await graphics()).data.accepted) > 0,
          );
          await site.seeHealth('the node has the block', ({ height }) => height > 0);
          await inspect(tab, 'work-graphics');

          // Left alone, its worker ends; and an imitated one is of no use unless it is asked for.
          await tab.choose('field-graphics', 'off');
          await tab.until(
            'one worker is left',
            async () => (await tab.lookAll('worker')).length === 1,
          );
          await tab.choose('field-graphics', 'auto');
          await tab.see('graphics', { data: { unfit: 'software' } });
          assert.equal((await tab.lookAll('worker')).length, 1);
          await tab.click('stop-work');
        },
      );
    },
    SOFTWARE_GRAPHICS,
  );
