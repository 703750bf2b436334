// Joins a page to the keys of this browser: their worker and their store.

import { keysOf } from './keys.ts';
import { isOwnNetwork } from './networks.ts';
import { OwnWallet } from './own-wallet.ts';
import type { Session, Watched } from './session.ts';
import { confirmVault, loadVault, skipTo, takeKey } from './vault-store.ts';
import {
  PRACTICE_PASSPHRASE,
  changePassphrase,
  createWallet,
  moreKeys,
  restoreWallet,
  showPhrase,
  wipeWallet,
} from './vault.ts';

/** The public keys that are stored for a network, if it is one's own. */
export async function storedKeys(network: string): Promise<Watched | undefined> {
  return isOwnNetwork(network) ? await loadVault(network) : undefined;
}

export const ownWallet = (session: Session): OwnWallet =>
  new OwnWallet(session, {
    keysOf,
    load: loadVault,
    create: (network, passphrase = PRACTICE_PASSPHRASE, options) =>
      createWallet(network, passphrase, options),
    restore: restoreWallet,
    phrase: showPhrase,
    changePassphrase,
    confirm: confirmVault,
    take: takeKey,
    skipTo,
    moreKeys,
    wipe: wipeWallet,
  });
