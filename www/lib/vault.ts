// A wallet of this browser, from its making to its end: what the keys worker answers, stored.

import { KeysError, keysOf, type Keys } from './keys.ts';
import type { KeysCommand, KeysReply, WalletKey } from './messages.js';
import { addKeys, forgetVault, loadVault, saveVault, type StoredVault } from './vault-store.ts';
import { en } from '../strings/en.ts';

const says = en.keys.store;

/** What practice networks encrypt with when nobody says anything else: coins there are worth nothing. */
export const PRACTICE_PASSPHRASE = 'practice';

/** Keys that are added at a time. */
const MORE_KEYS = 500;

type Opened = Extract<KeysReply, { type: 'opened' }>;

/**
 * Makes a wallet and stores it; it is open then. `birth`: the tip's height, as far as it is known.
 * The phrase is for a page that shows it.
 */
export async function createWallet(
  network: string,
  passphrase: string,
  { words = 12, birth = 0 }: { words?: 12 | 24; birth?: number } = {},
): Promise<{ keys: Keys; vault: StoredVault; phrase: string[] }> {
  await nobodyThere(network);
  const opened = await ask(network, { type: 'create', passphrase, words });
  const vault = { record: opened.record, keys: opened.keys, confirmed: false, birth };
  await store(network, vault);
  return { keys: keysOf(network), vault, phrase: opened.phrase ?? [] };
}

/** Makes a wallet from its phrase and stores it; it is open then, and looked for in every block. */
export async function restoreWallet(
  network: string,
  phrase: string,
  passphrase: string,
  birth = 0,
): Promise<{ keys: Keys; vault: StoredVault }> {
  await nobodyThere(network);
  const opened = await ask(network, { type: 'restore', phrase, passphrase });
  const vault = { record: opened.record, keys: opened.keys, confirmed: true, birth };
  await store(network, vault);
  return { keys: keysOf(network), vault };
}

/** Opens the stored wallet. Rejects with a {@link KeysError} for another passphrase. */
export async function openWallet(network: string, passphrase: string): Promise<Keys> {
  const { record } = await stored(network);
  await ask(network, { type: 'unlock', record, passphrase });
  return keysOf(network);
}

/** The phrase of the stored wallet, for whoever has the passphrase. */
export async function showPhrase(network: string, passphrase: string): Promise<string[]> {
  const { record } = await stored(network);
  const reply = await keysOf(network).request({ type: 'showPhrase', record, passphrase });
  if (reply.type !== 'phrase') throw new KeysError(en.keys.worker.unreadable);
  return reply.words;
}

/** Encrypts the stored wallet anew. */
export async function changePassphrase(network: string, old: string, now: string): Promise<void> {
  const vault = await stored(network);
  const { record } = await ask(network, {
    type: 'changePassphrase',
    record: vault.record,
    old,
    new: now,
  });
  await saveVault(network, { ...vault, record });
}

/** Derives and stores the next keys of an account, of an open wallet; gives the new ones. */
export async function moreKeys(network: string, account: number): Promise<WalletKey[]> {
  const { keys } = await stored(network);
  const from = keys.filter((key) => key.path.account === account).length;
  const command: KeysCommand = { type: 'deriveKeys', account, from, count: MORE_KEYS };
  const reply = await keysOf(network).request(command);
  if (reply.type !== 'keys') throw new KeysError(en.keys.worker.unreadable);
  await addKeys(network, reply.keys);
  return reply.keys;
}

/** Locks, in all tabs, and forgets the wallet: the phrase alone brings it back. */
export async function wipeWallet(network: string): Promise<void> {
  keysOf(network).lock();
  await forgetVault(network);
}

async function ask(network: string, command: KeysCommand): Promise<Opened> {
  const reply = await keysOf(network).request(command);
  if (reply.type !== 'opened') throw new KeysError(en.keys.worker.unreadable);
  return reply;
}

/** An open wallet that is not stored would be lost: it is locked again. */
async function store(network: string, vault: StoredVault): Promise<void> {
  try {
    await saveVault(network, vault);
  } catch (error) {
    keysOf(network).lock();
    throw error;
  }
}

async function stored(network: string): Promise<StoredVault> {
  const vault = await loadVault(network);
  if (!vault) throw new Error(says.none);
  return vault;
}

async function nobodyThere(network: string): Promise<void> {
  if (await loadVault(network)) throw new Error(says.another);
}
