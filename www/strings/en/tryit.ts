// The front page: mine, pay and check.

import type { Stage } from '../../tryit/story.ts';
import { plural } from './words.ts';

export const tryit = {
  tryPage: {
    /** What the till calls the invoice. */
    label: 'Try it',
    sentences: {
      idle: 'Mine a coin, pay with it, and check the payment yourself.',
      opening: 'Making the keys…',
      mining: 'Mining the first coin.',
      ready: 'A coin is yours: pay the till with it.',
      review: 'Read what will be signed, then sign it.',
      sending: 'Signing…',
      sent: 'Sent: the till looks for it itself.',
      done: 'Mined, paid and checked, in this tab.',
    } satisfies Record<Stage, string>,
    sub: 'A few workers of this tab and the node of this site; every block and every payment is checked here.',
    doneSub: 'The coin was found here, the payment signed here, and its block checked here.',
    network: (name: string): string => `Practice network “${name}”; its coins are worth nothing.`,
    noNode: 'This site offers no practice network to try it on.',
    noNodeSub:
      'Mining, paying and checking need a node of a network of one’s own, and these pages came without one. Start the program “farthing” on this computer (npm start), and open the address that it prints: it makes a practice network at its first start. The till and the chain work with any Bitcoin node meanwhile.',
    toTill: 'Open the till',
    toChain: 'Look at the chain',

    mine: '1 · Mine',
    mineFirst:
      'One click makes a wallet in this browser, and starts workers that search for the first coin.',
    mineAgain: 'This browser has a wallet on this network already. Unlock it, and workers start.',
    passphraseLabel: 'Passphrase of the wallet',
    passphraseHint:
      'It encrypts the keys in this browser. Filled in for practice; you may type another.',
    passphraseAgain: 'Filled in for practice: type yours if it was another.',
    begin: 'Make a wallet and mine',
    making: 'Making the keys…',
    unlock: 'Unlock and mine',
    unlocking: 'Opening the wallet…',
    found: (workers: number, blocks: string, count: number): string =>
      `${workers === 0 ? 'stopped' : `${workers} ${plural(workers, 'worker', 'workers')}`} · ${blocks} ${plural(count, 'block', 'blocks')} found`,
    stop: 'Stop',
    resume: 'Go on',

    pay: '2 · Pay',
    payFirst: 'The coins that are found here, and the button that pays with them.',
    payButton: (price: string): string => `Pay the till ${price}`,
    firstCoin: 'The first coin is on its way: a block every few seconds, by luck.',
    signing: 'Signing and sending…',
    sign: 'Sign and send',
    putAway: 'Not now',
    locked: 'The wallet locked itself: the passphrase opens it again.',
    sent: 'Signed by the worker of the keys, and handed to the node:',
    coinMined: (height: string | undefined): string =>
      height === undefined ? 'Mined' : `Mined, block ${height}`,
    coinPaid: (height: string | undefined): string =>
      height === undefined ? 'Paid, in no block yet' : `Paid, block ${height}`,
    coinCame: (height: string | undefined): string =>
      height === undefined ? 'Came, in no block yet' : `Came, block ${height}`,

    check: '3 · Check',
    checkFirst:
      'The till: it asks for a payment, and says what it knows of it, and from whom. It does not ask the wallet.',
    asks: 'Asks for',
    asksAt: 'At',
    believes:
      'The till does not take the wallet’s word: it counts what it finds in blocks that it checked. How much that is worth on a network whose work is cheap stands below, once it is paid.',
    nextBlock: (time: string): string => `the next block in about ${time}`,
    again: 'Ask again',

    goOn: 'Go on from here',
    goChain: 'See the blocks',
    goWallet: 'Open the wallet',
    goWork: 'Mine more',
    goTill: 'The invoice in the till',
  },
};
