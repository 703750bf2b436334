// The Mine page, and work on blocks wherever it is done.

import type { FoundBlock, Waiting } from '../../lib/work.ts';
import type { WorkerState } from '../../lib/work-worker.ts';
import { plural, word } from './words.ts';

export const work = {
  /** Why work cannot go on, or goes on in another way. */
  work: {
    rate: (value: string, word: string): string =>
      [value, word, 'hashes a second'].filter((part) => part !== '').join(' '),
    notLoaded: 'the worker’s script cannot be loaded',
    broke: (why: string): string => `A worker broke and is started again: ${why}`,
    gaveUp: (why: string): string => `A worker broke again and again and was given up: ${why}`,
    noTemplate: (why: string): string => `the node proposes nothing: ${why}`,
    badTemplate: (what: string, found: string): string =>
      `the node’s proposal cannot be read: ${what} is ${found}`,
    withoutTemplate: (why: string): string =>
      `Blocks of this page’s own are searched, without others’ fees: ${why}`,
    cannotPrepare: (why: string): string => `There is nothing to search: ${why}`,
    waiting: {
      nodes: 'Waiting for a node: without one a block would reach nobody.',
      headers: 'Waiting until the headers are checked.',
      work: 'Asking for something to search…',
      paused: 'Paused while this tab is hidden.',
    } satisfies Record<Waiting, string>,
    workerStates: {
      starting: 'starting',
      searching: 'searching',
      resting: 'waiting for work',
      restarting: 'starting again',
      failed: 'given up',
    } satisfies Record<WorkerState, string>,
    blockStates: {
      sending: 'being sent',
      best: 'best chain',
      abandoned: 'abandoned',
      refused: 'refused',
    } satisfies Record<FoundBlock['state'], string>,
  },
  workPage: {
    title: 'Mine',
    idle: 'Nothing is being mined.',
    searching: (workers: number): string =>
      `Mining with ${word(workers)} ${plural(workers, 'worker', 'workers')} of this tab.`,
    found: (blocks: string, count: number): string =>
      `Mining: ${blocks} ${plural(count, 'block', 'blocks')} found so far.`,
    sub: 'Proof of work in this tab, for practice, classes and private networks.',
    honest:
      'It earns nothing on Bitcoin’s main network: machines made for it are many million times faster than a tab. What is mined here is worth what your own network says, and on a practice network that is nothing.',
    noNode: 'This site offers no node of a farthing network.',
    noNodeSub:
      'Only networks of one’s own can be mined here. Start the program “farthing” on this computer: it makes a practice network, and serves these pages from there.',
    looking: 'Looking for the network…',
    rate: 'Rate',
    noRate: 'nothing searched yet',
    start: 'Start mining',
    stop: 'Stop',
    setup: 'How much, and for whom',
    workers: 'Workers',
    workersHint: (cores: number): string =>
      `Each searches on a core of its own; this computer has ${cores}. Half of them leave it usable.`,
    quota: 'Share of each core',
    quotaHint: 'Between its slices a worker rests, so that it takes this share of the time.',
    quotaValue: (percent: number): string => `${percent}%`,
    pause: 'Pause while this tab is hidden',
    pauseHint: 'Otherwise it goes on at its share, whatever is in front of it.',
    address: 'Who is paid',
    addressHint: 'The wallet of this browser, or any address of this network.',
    addressOwn: 'Use an address of this browser’s wallet',
    noWallet: 'There is no wallet in this browser yet.',
    makeWallet: 'Make one',
    noAddress: 'Type the address that is to be paid, or make a wallet first.',
    network: (name: string): string => `Network “${name}”.`,
    overTimeText: (now: string, most: string): string =>
      `Rate over time: now ${now}, at most ${most}.`,
    table: 'The same as a table',
    time: 'Time',
    perWorker: 'Each worker',
    worker: 'Worker',
    state: 'State',
    blocks: 'Blocks found',
    blocksNone: 'None yet. Each hash is a fresh draw: nobody is nearly there.',
    height: 'Block',
    hash: 'Hash',
    pays: 'Pays',
    next: 'Next block',
    nextValue: (time: string): string => `in about ${time}, on average`,
    nextUnknown: 'not known yet',
    hashesFor: 'Hashes for a block',
    hashesForValue: (hashes: string): string => `${hashes}, expected`,
    source: 'Proposed by',
    sources: { template: 'the node of this site', own: 'this page itself' },
    holds: 'It holds',
    holdsValue: (count: number): string =>
      count <= 1
        ? 'the coinbase alone'
        : `the coinbase and ${count - 1} ${plural(count - 1, 'payment', 'payments')}`,
    tried: 'Tried so far',
  },
};
