// Every word of the pages, in one catalogue: this file and those under en/. Values are sentences or
// functions that make one; numbers come in already formatted. Nothing here is HTML; what the HTML says
// where no script runs stands there.

import type { NoticeKind } from '../lib/messages.ts';
import { givenName, type KnownNetwork } from '../lib/networks.ts';
import type { NetworkState } from '../lib/session.ts';
import { chain } from './en/chain.ts';
import { invoice } from './en/invoice.ts';
import { keys } from './en/keys.ts';
import { lesson } from './en/lesson.ts';
import { till } from './en/till.ts';
import { tryit } from './en/tryit.ts';
import { wallet } from './en/wallet.ts';
import { plural } from './en/words.ts';
import { work } from './en/work.ts';

export const en = {
  name: 'Farthing',
  pages: 'Pages',
  pageNames: {
    tryit: 'Try it',
    till: 'Till',
    wallet: 'Wallet',
    work: 'Mine',
    chain: 'Chain',
    lesson: 'Lessons',
  },
  skip: 'Skip to the content',
  copy: 'Copy',
  copied: 'Copied',
  cannotCopy: 'Select it and copy it: the browser did not allow it',
  show: 'Show all of it',
  dismiss: 'Dismiss',
  back: 'Back',
  networks: {
    bitcoin: 'Bitcoin',
    testnet4: 'Testnet 4',
    testnet3: 'Testnet 3',
    signet: 'Signet',
    regtest: 'Regtest',
  } satisfies Record<KnownNetwork, string> as Record<string, string>,
  networkName: (network: string): string => en.networks[network] ?? givenName(network),
  net: {
    setup: 'No node yet',
    connecting: 'connecting',
    silent: 'no node answers',
    offline: 'offline',
    restarting: 'restarting',
    failed: 'stopped',
    fetching: (percent: string): string => `fetching headers, ${percent}`,
    operators: (count: number): string => `${count} ${plural(count, 'operator', 'operators')}`,
    noBlock: 'no block yet',
    tipAge: (age: string): string => `newest block ${age} old`,
    stale: (age: string): string => `no block for ${age}`,
  },
  /** Why the till cannot answer. */
  blind: {
    setup: 'no node is set up',
    failed: 'the client in this tab stopped',
    restarting: 'the client in this tab is starting again',
    offline: 'this till is offline',
    connecting: 'no node has answered yet',
    silent: 'no node answers',
    stale: 'no block has come for too long',
    fetching: '',
    connected: '',
  } satisfies Record<NetworkState['type'], string>,
  /** Why the client cannot do what it was asked, or is started again. */
  client: {
    noNetwork: 'no network is set up',
    closed: 'the client was closed',
    cannotStart: (why: string): string => `the client’s worker cannot be started: ${why}`,
    unreadable: 'a message from the client cannot be read',
    notLoaded: 'the client’s script cannot be loaded',
    doesNotStart: 'the client does not start',
    broke: (why: string): string =>
      `the client broke and was started again, so this was not done: ${why}`,
    gaveUp: (starts: number, why: string): string =>
      `the client did not start ${starts} times in a row: ${why}`,
    tookOver: (why: string): string =>
      `another tab has taken over, so it is not known whether this was done: ${why}`,
  },
  /** What the browser does not give, and what is done instead. */
  fallbacks: {
    plain: 'This page came over plain http from another machine.',
    memory: 'The browser keeps nothing for this page.',
    kept: (where: string): string => `Headers are kept in ${where}.`,
    means:
      'The browser gives it no private files, no lock between tabs, no wake lock and no camera: use one tab at a time, keep the screen awake yourself, and trust whoever is on this network.',
    how: 'What to do',
  },
  notices: {
    clock: 'Clock',
    storage: 'Storage',
    reorganisation: 'Chain',
    misbehaviour: 'Peer',
    staleTip: 'No block',
  } satisfies Record<NoticeKind, string>,

  ...till,
  ...invoice,
  ...chain,
  ...keys,
  ...wallet,
  ...work,
  ...tryit,
  ...lesson,
};
