// The wallet.

import type { PaymentLinkProblem } from '../../lib/payment-link.ts';
import { plural } from './words.ts';

export const wallet = {
  walletPage: {
    title: 'Wallet',
    reading: 'Opening the wallet…',
    noPlace: 'No farthing network is here.',
    noPlaceSub:
      'A wallet belongs to a network of one’s own. Start Farthing’s node on this computer (npm start), and open the page that it serves; or open a link that names a network.',
    noNode:
      'No node of this network is offered here, so nothing new can be seen. The till’s settings take one.',
    practice: 'Practice coins: worth nothing, and good for trying everything.',
    real: 'Whoever has the phrase has the coins. It was shown once; keep it on paper.',

    begin: {
      sentence: 'No wallet in this browser yet.',
      sub: (network: string): string =>
        `A wallet is a phrase of words. From it come all keys, on ${network} and on every other network. The keys are kept in this browser, encrypted with a passphrase, in a worker that has no way to the network.`,
      create: 'Make a new wallet',
      createText: 'With new keys. You write its phrase down, and it is asked for again later.',
      restore: 'Restore from a phrase',
      restoreText: 'You have the words of a wallet, made here or on another device.',
    },
    create: {
      sentence: 'Make a new wallet.',
      sub: 'The passphrase encrypts the keys in this browser. It is not the phrase, and does not open the wallet anywhere else.',
      words: 'Words of the phrase',
      make: 'Make the wallet',
      making: 'Making the keys…',
    },
    passphrase: 'Passphrase',
    passphraseAgain: 'Passphrase again',
    passphraseHint:
      'At least 8 characters. Nobody can give it back: the phrase can make the wallet anew.',
    passphrasePractice:
      'Filled in for practice, and good enough for coins that are worth nothing. You may type another.',
    passphraseShort: 'At least 8 characters, please.',
    passphraseDiffers: 'The two are not the same.',
    restore: {
      sentence: 'Restore a wallet from its phrase.',
      sub: 'Every block is looked at anew for its coins. Phrases of 12 and of 24 words (BIP39) work, on any farthing network.',
      phrase: 'Phrase',
      phraseHint: '12 or 24 words in their order, with spaces between them.',
      count: (count: number): string =>
        `A phrase has 12 or 24 words; ${count === 0 ? 'there is none' : `there ${plural(count, 'is', 'are')} ${count}`} here.`,
      make: 'Restore the wallet',
      making: 'Making the keys…',
    },
    phrase: {
      sentence: 'Write these words down, in their order.',
      written: 'I have written them down',
      later: 'Later',
      laterPractice: 'These are practice coins: the words can be shown again, and confirmed later.',
      checkSentence: 'Show that the words were written down.',
      again: 'Show the words again',
      confirmed: 'The words are written down.',
      notConfirmed:
        'The phrase was not confirmed yet. Without it these coins are this browser’s alone.',
      confirmNow: 'Confirm the phrase',
      confirmFirst:
        'Confirm the phrase before the first receive: until it is written down, these coins would be this browser’s alone.',
    },

    home: {
      spendable: (amount: string): string => `You have ${amount} to spend.`,
      pending: (amount: string): string => `${amount} is on its way.`,
      immature: (amount: string): string => `${amount} was mined, and is not ripe yet.`,
      empty: 'Nothing here yet: mine a coin, or be paid one.',
      waiting: 'Waiting for the first word of the client…',
      scanning: (height: string, of: string): string =>
        `Looking for your coins: block ${height} of ${of}.`,
      sub: (from: string, to: string): string =>
        `Every block from ${from} to ${to} was looked at in this tab; no node learns which coins are yours.`,
      mayHoldMore:
        'More addresses of this wallet may hold money: almost all that are watched were paid. Unlock it, and they are looked for.',
      subNone: 'Every block is looked at in this tab; no node learns which coins are yours.',
    },
    scan: 'Blocks, looked at for your coins',
    balance: 'Balance',
    accounts: { 0: 'Wallet', 1: 'Till of this browser' } as Record<number, string>,
    account: (number: number): string => `Account ${number}`,
    parts: {
      spendable: 'To spend',
      immature: 'Mined, not ripe',
      incoming: 'On its way, unverified',
      change: 'Your change, in no block yet',
    },
    actions: {
      receive: 'Receive',
      send: 'Send',
      keys: 'Phrase and passphrase',
      unlock: 'Unlock',
      lock: 'Lock',
      back: 'Back to the wallet',
    },
    locked: 'Locked: it is watched, and nothing can be spent.',
    open: 'Open: it locks by itself after five idle minutes, and when the page goes.',
    history: {
      title: 'History',
      none: 'No transaction yet.',
      mined: 'Mined',
      received: 'Received',
      sent: 'Sent',
      self: 'To yourself',
      to: 'to',
      unconfirmed: 'in no block',
      depth: (depth: number): string => `${depth} ${plural(depth, 'block', 'blocks')} deep`,
      ripe: (blocks: number): string => `ripe in ${blocks} ${plural(blocks, 'block', 'blocks')}`,
      replaced: 'replaced',
      abandoned: 'its block was abandoned',
      fee: (amount: string): string => `fee ${amount}`,
      block: (height: string): string => `block ${height}`,
      raise: 'Raise the fee',
      more: (count: number): string => `Show ${count} more`,
    },

    receive: {
      sentence: 'Be paid here.',
      sub: 'An address of its own for everybody who pays: nobody who knows one learns of the others.',
      address: 'Address',
      amount: (unit: string): string => `Amount in ${unit}, if you like`,
      label: 'Label, if you like',
      code: (address: string): string => `Payment code for ${address}`,
      index: (account: number, index: number): string => `m/44'/1'/${account}'/${index}'`,
      path: 'Key',
      fresh: 'Another address',
      paid: 'This address was paid.',
      copyLink: 'Copy the link',
      making: 'Taking an address that was never used…',
    },

    send: {
      sentence: 'Send coins.',
      sub: (amount: string): string => `You have ${amount} to spend.`,
      nothing: 'There is nothing to spend yet.',
      to: 'To',
      toHint: 'An address of this network, or a farthing: link.',
      amount: (unit: string): string => `Amount in ${unit}`,
      all: 'All of it',
      from: 'From',
      fee: 'Fee',
      feeRate: 'Fee, units for 1,000 bytes',
      feeRateHint: 'Empty: what the nodes ask for. More is mined first when blocks are full.',
      feeRateBad: 'A whole number from 1 to 100,000,000, or nothing.',
      review: 'Review',
      preparing: 'Choosing coins…',
      fromLink: 'A link filled this in. Read it before you go on.',
      otherNetwork: (network: string, here: string): string =>
        `The link is for ${network}; this wallet is on ${here}.`,
      ownAddress: 'an address of this wallet',
    },
    review: {
      sentence: 'Read this before you sign.',
      sub: 'The keys worker signs exactly what stands here, and nothing else.',
      replaceSentence: 'Read this before you sign it again.',
      replaceSub: 'The same payment with a higher fee: it takes the place of the one that waits.',
      pays: 'Pays',
      to: 'To',
      fee: 'Fee, to whoever mines it',
      change: 'Back to yourself',
      none: 'nothing',
      total: 'Leaves this wallet',
      coins: 'Coins spent',
      coinsValue: (count: number, sum: string): string =>
        `${count} ${plural(count, 'coin', 'coins')}, ${sum} together`,
      rate: 'Rate',
      replaces: 'Replaces',
      sign: 'Sign and send',
      signing: 'Signing…',
      unlock: 'Unlock, sign and send',
      back: 'Change it',
      high: 'The fee is more than a tenth of what is paid.',
    },
    sent: {
      sentence: 'Sent: it waits for a block.',
      sub: 'The nodes have it. Until a block holds it, its fee can be raised.',
      transaction: 'Transaction',
    },
    raise: {
      gone: 'Its fee cannot be raised any more: a block holds it, or another took its place.',
    },

    keys: {
      sentence: 'Phrase and passphrase.',
      sub: 'The phrase makes this wallet anew anywhere. The passphrase opens it here.',
      show: 'Show the phrase',
      hide: 'Hide it',
      opening: 'Opening…',
      showText: 'Look around first: whoever sees the words has the coins.',
      change: 'Change the passphrase',
      changeText: 'The keys are encrypted anew. The phrase stays the same.',
      old: 'Passphrase now',
      next: 'New passphrase',
      changed: 'The passphrase was changed.',
      wipeFold: 'Wipe this wallet from the browser',
      wipe: 'Wipe this wallet…',
      wipeTitle: 'Wipe it from this browser?',
      wipeText:
        'The encrypted keys, the addresses that were used and the history are forgotten here. The coins stay where they are: only the phrase brings them back.',
      wipeUnconfirmed:
        'The phrase of this wallet was never confirmed. If it is not written down, its coins are lost for ever.',
      wipeConfirm: 'Wipe it',
      wiped: 'The wallet was wiped.',
    },
    link: {
      empty: () => 'Type or paste who is to be paid.',
      notAnAddress: () => 'This is no address of a farthing network: those begin with fth.',
      otherScheme: ({ scheme }) =>
        `A ${scheme}: link is for other coins, and is not paid from here.`,
      amount: ({ text }) => `The link’s amount “${text}” is not one.`,
      demands: ({ name }) => `The link demands “${name}”, which this wallet does not know.`,
    } satisfies {
      [T in PaymentLinkProblem['type']]: (
        problem: Extract<PaymentLinkProblem, { type: T }>,
      ) => string;
    },
    problems: {
      store: (why: string): string =>
        `The browser keeps no database for this page, so that no wallet can be kept here: ${why}`,
      unexpected: 'the worker answered something else',
    },
  },
};
