// The vault's record in IndexedDB, its public keys beside it in the clear, so that a locked wallet can
// be watched, and the next index of each account. The record is opaque here. Every write is one
// transaction with strict durability, so that two tabs never hand out one address and a crash never
// forgets one that was shown. What is flipped on the disk does no harm: the record has a checksum, the core
// compares each address with its key, and an index is stored three times (once where it was last written by a version before).

import type { WalletKey } from './messages.js';
import { isPractice } from './networks.ts';
import { en } from '../strings/en.ts';

const says = en.keys.store;

const DATABASE = 'farthing-keys';
/** Of the database's form; a later one is opened by a later program alone. */
const DATABASE_VERSION = 1;
/** Of each record. */
const RECORD_VERSION = 1;

/** What is stored of a wallet. */
export interface StoredVault {
  /** The vault, encrypted; the keys worker alone reads it. */
  record: Uint8Array;
  /** By account and index. The first names the wallet. */
  keys: WalletKey[];
  /** Whether the person has shown that the phrase is written down. */
  confirmed: boolean;
  /** The height from which its payments are looked for, the same whenever a worker starts anew. */
  birth: number;
}

interface VaultRow {
  version: number;
  record: Uint8Array;
  first: string;
  confirmed: boolean;
  birth: number;
}

type Stores = 'vaults' | 'keys' | 'indexes';
const STORES: Stores[] = ['vaults', 'keys', 'indexes'];

/** The vault of a network, if there is one. */
export function loadVault(network: string): Promise<StoredVault | undefined> {
  return inTransaction('readonly', async (store) => {
    const row = await vaultRow(store, network);
    if (!row) return undefined;
    const keys = await result<WalletKey[]>(store('keys').getAll(keysOf(network)));
    return { record: row.record, keys, confirmed: row.confirmed, birth: row.birth };
  });
}

/** Stores a vault, and keeps its indexes where it is the same wallet. Another wallet is not replaced. */
export function saveVault(network: string, vault: StoredVault): Promise<void> {
  const first = vault.keys[0]?.publicKey;
  if (first === undefined) return Promise.reject(new Error(says.noKeys));
  askToKeepStorage();
  return inTransaction('readwrite', async (store) => {
    const before = await vaultRow(store, network);
    if (before && before.first !== first) throw new Error(says.another);
    const { record, confirmed, birth } = vault;
    const row: VaultRow = { version: RECORD_VERSION, record, first, confirmed, birth };
    store('vaults').put(row, network);
    for (const key of vault.keys) putKey(store, network, key);
  });
}

/** Adds public keys to those that are stored. */
export function addKeys(network: string, keys: WalletKey[]): Promise<void> {
  return inTransaction('readwrite', async (store) => {
    await mustHave(store, network);
    for (const key of keys) putKey(store, network, key);
  });
}

/** Notes that the phrase was confirmed. */
export function confirmVault(network: string): Promise<void> {
  return inTransaction('readwrite', async (store) => {
    const row = await mustHave(store, network);
    store('vaults').put({ ...row, confirmed: true } satisfies VaultRow, network);
  });
}

/**
 * Takes the next key of an account, for an address that is shown to somebody. No tab gets it again.
 * Rejects with a sentence where the phrase was not confirmed on a network whose coins are meant to
 * be worth something, and where the stored keys are used up: whoever unlocks derives more.
 */
export function takeKey(network: string, account: number): Promise<WalletKey> {
  return inTransaction('readwrite', async (store) => {
    const row = await mustHave(store, network);
    if (!row.confirmed && !isPractice(network)) throw new Error(says.unconfirmed);
    const next = await nextIndex(store, network, account);
    const key = await result<WalletKey | undefined>(store('keys').get([network, account, next]));
    if (!key) throw new Error(says.usedUp(next));
    putIndex(store, network, account, next + 1);
    return key;
  });
}

/** The index of {@link takeKey}. */
export async function takeIndex(network: string, account: number): Promise<number> {
  return (await takeKey(network, account)).path.index;
}

/** Never hands out an index below this one: the chain shows that they were paid. */
export function skipTo(network: string, account: number, index: number): Promise<void> {
  return inTransaction('readwrite', async (store) => {
    await mustHave(store, network);
    const next = await nextIndex(store, network, account);
    if (index > next) putIndex(store, network, account, index);
  });
}

/** Forgets the wallet: the phrase alone brings it back. */
export function forgetVault(network: string): Promise<void> {
  return inTransaction('readwrite', async (store) => {
    store('vaults').delete(network);
    store('keys').delete(keysOf(network));
    store('indexes').delete(IDBKeyRange.bound([network], [network, []]));
  });
}

function putKey(store: Store, network: string, key: WalletKey): void {
  store('keys').put(key, [network, key.path.account, key.path.index]);
}

/** Every key of a network: no number sorts after a list. */
function keysOf(network: string): IDBKeyRange {
  return IDBKeyRange.bound([network], [network, []]);
}

async function vaultRow(store: Store, network: string): Promise<VaultRow | undefined> {
  const row = await result<VaultRow | undefined>(store('vaults').get(network));
  if (row && row.version !== RECORD_VERSION) throw new Error(says.version(row.version));
  return row;
}

async function mustHave(store: Store, network: string): Promise<VaultRow> {
  const row = await vaultRow(store, network);
  if (!row) throw new Error(says.none);
  return row;
}

/** Three times the same: one that was flipped is outvoted. */
function putIndex(store: Store, network: string, account: number, index: number): void {
  store('indexes').put([index, index, index], [network, account]);
}

async function nextIndex(store: Store, network: string, account: number): Promise<number> {
  const found = await result<unknown>(store('indexes').get([network, account]));
  if (found === undefined) return 0;
  // As it was stored before: once.
  if (typeof found === 'number') return found;
  const [one, two, three]: unknown[] = Array.isArray(found) ? found : [];
  const index = one === two || one === three ? one : two === three ? two : undefined;
  if (typeof index !== 'number') throw new Error(says.damagedIndex);
  return index;
}

type Store = (name: Stores) => IDBObjectStore;

/** Does the work in one transaction over all of it; resolves when what was written is on the disk. */
async function inTransaction<T>(
  mode: 'readonly' | 'readwrite',
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(STORES, mode, { durability: 'strict' });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(problem(transaction.error));
    });
    try {
      const value = await work((name) => transaction.objectStore(name));
      await done;
      return value;
    } catch (error) {
      done.catch(() => undefined);
      // An error of the database has ended it already.
      if (transaction.error === null) transaction.abort();
      throw error;
    }
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(DATABASE, DATABASE_VERSION);
    } catch (error) {
      return reject(problem(error));
    }
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      // A newer program in another tab may change the form: it need not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(problem(request.error));
    request.onblocked = () => reject(new Error(says.blocked));
  });
}

function result<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(problem(request.error));
  });
}

function problem(error: unknown): Error {
  const why = error instanceof Error || error instanceof DOMException ? error.message : '';
  return new Error(says.failed(why || says.noReason));
}

/** Asks the browser not to evict it; it may refuse, and the phrase remains. */
function askToKeepStorage(): void {
  navigator.storage?.persist?.().catch(() => undefined);
}
