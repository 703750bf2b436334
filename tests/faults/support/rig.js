/**
 * A tab whose client or page stops dead at a chosen write, and is then killed with its process: as
 * when the machine loses its power, or the system ends the tab, in the middle of a write.
 *
 * The worker is rigged before it begins: the page holds back the message that starts the client until
 * the worker's storage calls are counted.
 */
import { Tab } from '../../browser/support/browser.js';

/** In the page, before any script of it: holds the client's start, and counts the page's own writes. */
function rigPage(at) {
  const { postMessage } = Worker.prototype;
  const held = new Map();
  Worker.prototype.postMessage = function (...args) {
    if (args[0]?.type === 'start' && 'role' in args[0]) {
      held.set(this, []);
      this.addEventListener('message', ({ data }) => {
        if (data?.fault) window.faultReached();
      });
    }
    const queue = held.get(this);
    if (queue) queue.push(args);
    else postMessage.apply(this, args);
  };
  window.startClient = () => {
    for (const [worker, queue] of held) {
      held.delete(worker);
      for (const args of queue) postMessage.apply(worker, args);
    }
  };
  window.faultStop = () => {
    window.faultReached();
    for (;;);
  };
  window.faultAt = at;
}

/** In the page or the worker: counts each write and each completed transaction, and stops at one. */
function rigWrites(at) {
  const scope = globalThis;
  scope.faultWrites = 0;
  const count = () => {
    scope.faultWrites += 1;
    if (scope.faultWrites !== at) return;
    if (scope.faultStop) scope.faultStop();
    scope.postMessage({ fault: at });
    for (;;);
  };
  const rig = (prototype, names) => {
    for (const name of prototype ? names : []) {
      const real = prototype[name];
      prototype[name] = function (...args) {
        count();
        return real.apply(this, args);
      };
    }
  };
  rig(IDBObjectStore.prototype, ['put', 'add', 'delete', 'clear']);
  rig(scope.FileSystemSyncAccessHandle?.prototype, ['write', 'truncate', 'flush']);
  // It is on the disk, and nobody was told.
  const complete = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'oncomplete');
  Object.defineProperty(IDBTransaction.prototype, 'oncomplete', {
    ...complete,
    set(handler) {
      complete.set.call(this, function (...args) {
        if (this.mode === 'readwrite') count();
        return handler?.apply(this, args);
      });
    },
  });
}

export class RiggedTab extends Tab {
  /** Resolves when a rigged write was reached. */
  reached;
  /** The write of the page at which it stops; 0: none. */
  ofPage = 0;

  /**
   * Opens a tab that stops at the write of this number, counted from its start: of the client's worker,
   * or of the page itself. Without a number it stops nowhere, and the writes are counted.
   */
  static async open(context, url, { worker = 0, page: ofPage = 0 } = {}) {
    const page = await context.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    const tab = new RiggedTab(page);
    let reached;
    tab.ofPage = ofPage;
    tab.reached = new Promise((resolve) => (reached = resolve));
    await page.exposeFunction('faultReached', () => reached(true));
    await page.evaluateOnNewDocument(rigPage, ofPage);
    await page.evaluateOnNewDocument(rigWrites, ofPage);
    page.on('workercreated', async (started) => {
      try {
        if (!(await started.evaluate(() => self.name.startsWith('client ')))) return;
        await started.evaluate(rigWrites, worker);
        await page.evaluate(() => window.startClient());
      } catch {
        // The tab is gone already.
      }
    });
    // It may stop while it loads.
    const loaded = page.goto(url, { waitUntil: 'load' });
    loaded.catch(() => {});
    await Promise.race([loaded, tab.reached]);
    return tab;
  }

  /** How many writes there were. */
  async writes() {
    const read = () => globalThis.faultWrites;
    return {
      worker: await (await clientOf(this.page)).evaluate(read),
      page: await this.page.evaluate(read),
    };
  }

  /** Kills the tab with its process: no farewell, nothing is written any more. */
  async kill() {
    // A page that stopped for good cannot even be told to crash; its tab is closed over its head.
    if (this.ofPage > 0) await this.page.close();
    else await killTab(this.page);
  }
}

/** Kills the process of a tab, workers and all. */
export async function killTab(page) {
  const session = await page.createCDPSession();
  const crashed = new Promise((resolve) => page.once('error', resolve));
  session.send('Page.crash').catch(() => {});
  await crashed;
  await page.close().catch(() => {});
}

/** The worker of a page's client. */
export async function clientOf(page) {
  for (const worker of page.workers()) {
    const name = await worker.evaluate(() => self.name).catch(() => '');
    if (name.startsWith('client ')) return worker;
  }
  throw new Error('the client has no worker');
}
