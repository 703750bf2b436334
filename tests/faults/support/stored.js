/** What the browser has stored for a site, read and damaged from a page of it on which no client runs. */
import { Tab } from '../../browser/support/browser.js';

const DATABASE = 'farthing-practice';
const HEADERS = 'farthing-practice-headers.bin';

/** A page of the site without a script. */
export const quietPage = async (context, node) =>
  (await Tab.open(context, `${node.url}health`)).page;

/** The keys of all records. */
export const recordKeys = (page) =>
  page.evaluate(
    (name) =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open(name);
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const keys = open.result.transaction('records').objectStore('records').getAllKeys();
          keys.onsuccess = () => {
            open.result.close();
            resolve(keys.result);
          };
        };
      }),
    DATABASE,
  );

/** Flips a bit of a record, at this part of its length. */
export const flipRecord = (page, key, part) =>
  page.evaluate(
    (name, key, part) =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open(name);
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const transaction = open.result.transaction('records', 'readwrite');
          const records = transaction.objectStore('records');
          const found = records.get(key);
          found.onsuccess = () => {
            const bytes = found.result;
            bytes[Math.floor(bytes.length * part)] ^= 0x10;
            records.put(bytes, key);
          };
          transaction.onabort = () => reject(transaction.error);
          transaction.oncomplete = () => {
            open.result.close();
            resolve();
          };
        };
      }),
    DATABASE,
    key,
    part,
  );

/** Changes the file of headers: flips a bit at this part of its length, or cuts it there. */
export const damageHeaders = (page, part, { cut = false } = {}) =>
  page.evaluate(
    async (name, part, cut) => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle(name);
      // The worker of a closed tab holds it for a while yet.
      const writable = async (left) => {
        try {
          return await handle.createWritable();
        } catch (error) {
          if (error.name !== 'NoModificationAllowedError' || left === 0) throw error;
          await new Promise((resolve) => setTimeout(resolve, 100));
          return writable(left - 1);
        }
      };
      const file = await writable(300);
      const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
      const at = Math.floor(bytes.length * part);
      bytes[at] ^= 0x10;
      await file.write(cut ? bytes.subarray(0, at) : bytes);
      await file.close();
      return bytes.length / 80;
    },
    HEADERS,
    part,
    cut,
  );
