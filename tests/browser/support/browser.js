/** A real Chromium, and a tab of it as a person has it before them: looked at, clicked, typed into. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { until } from '../../nodes/ports.js';

/** Where pictures go. */
export const SCREENSHOTS = fileURLToPath(new URL('../../../target/screenshots/', import.meta.url));

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** WebGPU by a program (SwiftShader), where there is no graphics processor. */
export const SOFTWARE_GRAPHICS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

function chromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const folders = (process.env.PATH ?? '').split(':');
  const found = [
    process.env.CHROMIUM,
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find((path) => path && existsSync(path));
  if (!found) throw new Error('no Chromium was found: npm run setup says how to install it');
  return found;
}

/** Starts Chromium with a profile of its own. */
export async function launch(more = []) {
  await mkdir(SCREENSHOTS, { recursive: true });
  return puppeteer.launch({
    executablePath: chromium(),
    headless: true,
    args: [...FLAGS, ...more],
  });
}

const selector = (id) => `[data-testid="${id}"]`;
let failures = 0;

export class Tab {
  /** What the page wrote to its console, and errors that nobody caught. */
  console = [];
  uncaught = [];

  constructor(page) {
    this.page = page;
    page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.uncaught.push(String(error?.message ?? error)));
    page.on('dialog', (dialog) => this.uncaught.push(`a dialog opened: ${dialog.message()}`));
  }

  static async open(browser, url, { width = 1280, height = 900 } = {}) {
    const page = await browser.newPage();
    await page.setViewport({ width, height });
    const tab = new Tab(page);
    await page.goto(url, { waitUntil: 'load' });
    return tab;
  }

  /** Everything that a reader of a failure wants to know. */
  async explain() {
    failures += 1;
    const picture = join(SCREENSHOTS, `failed-${process.pid}-${failures}.png`);
    await this.page.screenshot({ path: picture, fullPage: true }).catch(() => {});
    const text = await this.page.evaluate(() => document.body.innerText).catch(String);
    return [
      `the page ${this.page.url()} shows:`,
      text.replace(/^/gm, '  | '),
      `its console: ${this.console.slice(-20).join('\n  ') || 'nothing'}`,
      `uncaught: ${this.uncaught.join('\n  ') || 'nothing'}`,
      `picture: ${picture}`,
    ].join('\n');
  }

  /** Brings the tab to the front: a hidden page is not laid out, so nothing in it can be clicked. */
  front() {
    return this.page.bringToFront();
  }

  /** Waits for a condition of the page. */
  until(what, condition, { deadline = 20_000 } = {}) {
    return until(what, condition, { deadline, explain: () => this.explain() });
  }

  /** What an element shows: its text, its `data-` attributes, whether it can be seen; or nothing. */
  look(id) {
    return this.page.evaluate((css) => {
      const element = document.querySelector(css);
      if (!element) return null;
      return {
        text: element.innerText ?? element.textContent,
        value: element.value,
        data: { ...element.dataset },
        visible: element.checkVisibility(),
      };
    }, selector(id));
  }

  /** The same of every element of that name. */
  lookAll(id) {
    return this.page.evaluate(
      (css) =>
        [...document.querySelectorAll(css)].map((element) => ({
          text: element.innerText,
          data: { ...element.dataset },
        })),
      selector(id),
    );
  }

  /** Waits until an element shows a text and carries these data, and gives what it shows. */
  async see(id, { text, data = {}, deadline } = {}) {
    let found = null;
    const shown = Object.entries(data).map(([key, value]) => [key, String(value)]);
    const wanted = JSON.stringify({
      ...Object.fromEntries(shown),
      ...(text && { text: String(text) }),
    });
    return this.until(
      `${id} shows ${wanted}`,
      async () => {
        found = await this.look(id);
        const right =
          found?.visible &&
          (!text || text.test(found.text)) &&
          Object.entries(data).every(([key, value]) => found.data[key] === String(value));
        if (!right) throw new Error(`it is ${JSON.stringify(found)}`);
        return found;
      },
      { deadline },
    );
  }

  /** Waits until an element is not there. */
  seeNo(id) {
    return this.until(`${id} is gone`, async () => !(await this.look(id))?.visible);
  }

  /** Clicks, with the mouse, once the element is there and enabled. */
  async click(id) {
    await this.front();
    return this.until(`${id} can be clicked`, async () => {
      const element = await this.page.$(selector(id));
      if (!element) throw new Error('it is not there');
      if (await element.evaluate((e) => e.disabled === true)) throw new Error('it is disabled');
      await element.click();
      return true;
    });
  }

  /** Puts a text into a field, as from a keyboard, in the place of what it held. */
  async type(id, text) {
    await this.front();
    await this.see(id);
    const field = await this.page.$(selector(id));
    await field.focus();
    await field.evaluate((e) => e.select());
    await this.page.keyboard.press('Backspace');
    if (text) await field.type(text);
  }

  async choose(id, value) {
    await this.see(id);
    await this.page.select(selector(id), value);
  }

  /** Ticks or unticks every box of that name. */
  async tick(id, on) {
    await this.front();
    for (const box of await this.page.$$(selector(id))) {
      if ((await box.evaluate((e) => e.checked)) !== on) await box.click();
    }
  }

  /** Throws an error in the client's worker that nothing there expects, as a trap would. */
  async trap() {
    const [worker] = await this.until('the client has a worker', async () => {
      const workers = this.page.workers();
      return workers.length > 0 && workers;
    });
    await worker.evaluate(() => {
      setTimeout(() => {
        throw new WebAssembly.RuntimeError('unreachable: a test broke the worker');
      });
    });
  }

  /** What would be wrong after any story: an error that nobody caught, a violation of the policy. */
  faults() {
    return [
      ...this.uncaught,
      ...this.console.filter((line) =>
        /Content.Security.Policy|Trusted ?Type|TrustedScript|Refused to/i.test(line),
      ),
    ];
  }
}
