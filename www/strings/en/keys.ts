// The words around keys: the vault, its passphrase, its phrase.

export const keys = {
  keys: {
    /** Why the keys worker does not do what it was asked. */
    worker: {
      locked: 'the wallet is locked',
      lockedMeanwhile: 'the wallet was locked, so this was not done',
      cannotStart: (why: string): string => `the keys’ worker cannot be started: ${why}`,
      broke: (why: string): string => `the keys’ worker broke, so the wallet was locked: ${why}`,
      unreadable: 'a message from it cannot be read',
      notLoaded: 'its script cannot be loaded',
      notFetched: (status: number): string => `the site answered ${status} for its module`,
    },
    /** Why the stored wallet cannot be read or written. */
    store: {
      none: 'there is no wallet on this network in this browser',
      another: 'this browser already has a wallet on this network: forget that one first',
      noKeys: 'a wallet without keys cannot be stored',
      unconfirmed:
        'write the phrase down and confirm it first: without it, what you receive could be lost',
      usedUp: (index: number): string =>
        `the ${index} addresses that were prepared are used up: unlock the wallet to make more`,
      damagedIndex:
        'what this browser stored of the addresses that were shown is damaged: forget the wallet here and restore it from its phrase',
      version: (version: number): string =>
        `the stored wallet is of version ${version}, which a newer Farthing wrote`,
      blocked: 'another tab holds an older form of the wallet’s storage: close it',
      failed: (why: string): string => `the browser’s storage failed: ${why}`,
      noReason: 'it says no reason',
    },
    unlock: {
      title: 'Unlock the wallet',
      text: 'Your keys are encrypted in this browser. The passphrase opens them until you leave, or for five idle minutes.',
      practice:
        'This is a practice network: its coins are worth nothing, so the passphrase is “practice” unless you chose another.',
      passphrase: 'Passphrase',
      unlock: 'Unlock',
      unlocking: 'Unlocking…',
      cancel: 'Not now',
      wrong: 'That is not the passphrase. Check capital letters and the keyboard’s language.',
      show: 'Show what I type',
    },
    /** Why it locked, as a person is told. */
    locked: {
      asked: 'Locked.',
      idle: 'Locked after five idle minutes.',
      hidden: 'Locked when the page was left.',
      otherTab: 'Locked in another tab.',
      broke: 'The keys’ worker broke, and the wallet is locked.',
    },
    phrase: {
      title: 'Your phrase',
      text: 'Whoever has these words has the coins, and without them a lost browser is a lost wallet. Write them on paper, in this order.',
      word: (position: number): string => `Word ${position}`,
    },
    confirm: {
      title: 'Check what you wrote down',
      text: 'Type these three words from your paper.',
      check: 'Check',
      wrong: (position: number): string =>
        `Word ${position} is another one. Look at your paper again.`,
    },
  },
};
