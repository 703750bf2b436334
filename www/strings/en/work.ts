// The Mine page, and work on blocks wherever it is done.

import type { FoundBlock } from '../../lib/found-blocks.ts';
import type { Pause } from '../../lib/manners.ts';
import type { Waiting, WorkSource } from '../../lib/work-source.ts';
import type { GraphicsUse } from '../../lib/work.ts';
import type { Unfit } from '../../lib/work-envelope.js';
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
    miscounts:
      'The graphics processor miscounted, so it is not used; what it claimed was hashed again, and nothing wrong was handed over.',
    noTemplate: (why: string): string => `the node proposes nothing: ${why}`,
    badTemplate: (what: string, found: string): string =>
      `the node’s proposal cannot be read: ${what} is ${found}`,
    withoutTemplate: (why: string): string =>
      `Blocks of this page’s own are searched, without others’ fees: ${why}`,
    cannotPrepare: (why: string): string => `There is nothing to search: ${why}`,
    tooEasy:
      'Shares come faster than anybody needs them, so the workers rest between them: what they have to meet is too easy.',
    pool: {
      /** The core's sentence, or the bridge's: they begin small and have no end. */
      problem: (what: string): string => `${what.slice(0, 1).toUpperCase()}${what.slice(1)}.`,
      message: (what: string): string => `The pool says: “${what}”`,
      notThere: 'the pool’s worker is not there',
      noWork: 'the pool has no job now, or no room for as many workers',
      left: 'the pool was left',
      broke: (why: string): string => `The pool’s worker broke and is started again: ${why}`,
      gaveUp: (why: string): string =>
        `The pool’s worker broke again and again and was given up: ${why}`,
    },
    waiting: {
      nodes: 'Waiting for a node: without one a block would reach nobody.',
      headers: 'Waiting until the headers are checked.',
      pool: 'Waiting for the pool.',
      work: 'Asking for something to search…',
      paused: 'Paused.',
    } satisfies Record<Waiting, string>,
    paused: {
      hidden: 'Paused while this tab is hidden.',
      battery: 'Paused while this computer runs on its battery.',
    } satisfies Record<Pause, string>,
    workerStates: {
      starting: 'starting',
      searching: 'searching',
      resting: 'waiting for work',
      restarting: 'starting again',
      failed: 'given up',
    } satisfies Record<WorkerState, string>,
    blockStates: {
      sending: 'being sent',
      taken: 'taken by the pool',
      best: 'best chain',
      abandoned: 'abandoned',
      refused: 'refused',
    } satisfies Record<FoundBlock['state'], string>,
  },
  /** What the module for others' pages says to whoever wrote them. */
  embed: {
    notOwn: (network: string): string =>
      `expected a network such as practice:NAME or farthing:NAME, found ${network}`,
    noNode:
      'expected a node of a farthing network in this site’s farthing.json or in `nodes`, found none',
    noPool: (url: string): string =>
      `expected a pool that this site’s farthing.json offers, found ${url}`,
    stopped: 'expected it to be started first',
    badQuota: (quota: string): string => `expected a quota over 0 and at most 1, found ${quota}`,
    badGraphics: (uses: string, found: string): string =>
      `graphics: expected one of ${uses}; found ${found}`,
    badWorkers: (most: number, workers: string): string =>
      `expected a whole number of workers from 1 to ${most}, found ${workers}`,
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
    poolsAlone: 'This site offers pools alone, and no node of a farthing network.',
    noNode: 'This site offers no node of a farthing network.',
    noNodeSub:
      'Only networks of one’s own can be mined here. Start the program “farthing” on this computer: it makes a practice network, and serves these pages from there.',
    looking: 'Looking for the network…',
    rate: 'Rate',
    noRate: 'nothing searched yet',
    start: 'Start mining',
    stop: 'Stop',
    setup: 'What, how much, and for whom',
    from: 'Where work comes from',
    fromChain: 'This network’s chain, without a pool',
    fromNode: 'This node’s pool (Stratum)',
    fromPool: (name: string): string => `${name}, through the bridge`,
    fromHint: {
      chain:
        'Whole blocks: what this site’s node proposes, or this page’s own on the best header that it checked.',
      node: 'The node hands out work and takes shares; a block that you find pays your address, all of it.',
      pool: 'A pool elsewhere, over this site’s bridge. It says what you search and what you are paid: trust it or leave it.',
    },
    workers: 'Workers',
    workersHint: (cores: number): string =>
      `Each searches on a core of its own; this computer has ${cores}. Half of them leave it usable.`,
    quota: 'Share of each core',
    graphics: 'Graphics processor',
    graphicsUses: {
      auto: 'Where there is one',
      on: 'Always, even an imitated one',
      off: 'Leave it alone',
    } satisfies Record<GraphicsUse, string>,
    graphicsHint:
      'It searches beside the workers, much faster than a core, and draws more power. Whatever it finds is hashed again.',
    graphicsName: (name: string): string => (name === '' ? 'graphics' : `graphics (${name})`),
    unfit: {
      absent: 'This browser gives pages no graphics processor here (WebGPU). The workers search.',
      software:
        'This browser only imitates a graphics processor, on the cores that the workers have. The workers search.',
      broken: 'The graphics processor refuses the search. The workers search.',
      wrong: 'The graphics processor miscounted, and is not used. The workers search.',
    } satisfies Record<Unfit, string>,
    quotaHint: 'Between its slices a worker rests, so that it takes this share of the time.',
    quotaValue: (percent: number): string => `${percent}%`,
    pause: 'Pause while this tab is hidden',
    pauseHint: 'Otherwise it goes on at its share, whatever is in front of it.',
    battery: 'Pause while on battery',
    batteryHint: 'Goes on once the computer is plugged in.',
    batteryUntold:
      'This browser does not tell a page whether the computer runs on its battery, so it cannot pause by itself then.',
    user: 'User name at the pool',
    userHint:
      'Mostly an address of the pool’s network, or one with a name for this computer: ADDRESS.tab',
    noUser: 'Type who the pool is to credit: mostly an address of its network.',
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
    overTable: 'Rate over time',
    time: 'Time',
    perWorker: 'Each worker',
    worker: 'Worker',
    all: 'All',
    took: 'Of its core',
    state: 'State',
    blocks: 'Blocks found',
    blocksNone: 'None yet. Each hash is a fresh draw: nobody is nearly there.',
    height: 'Block',
    hash: 'Hash',
    pays: 'Pays',
    shares: {
      heading: 'Shares',
      whole: 'None yet. Without a pool a share is a whole block.',
      none: 'None yet. A share is a hash that meets the pool’s easier target: it shows that you search.',
      accepted: 'Accepted',
      waiting: 'Not answered yet',
      rejected: 'Rejected',
      stale: 'Too late',
      best: 'Best difficulty',
      bestNone: 'no hit yet',
      reasons: 'Why',
      reason: 'Reason',
      count: 'Times',
    },
    nextShare: 'Next share',
    next: 'Next block',
    nextValue: (time: string): string => `in about ${time}, on average`,
    nextUnknown: 'not known yet',
    hashesFor: 'Hashes for a block',
    hashesForValue: (hashes: string): string => `${hashes}, expected`,
    source: 'Proposed by',
    sources: {
      template: 'the node of this site',
      own: 'this page itself',
      pool: 'the pool',
    } satisfies Record<WorkSource['kind'], string>,
    holds: 'It holds',
    heightUnknown: 'not known yet',
    paysUnknown: 'as the pool says',
    holdsValue: (count: number): string =>
      count <= 1
        ? 'the coinbase alone'
        : `the coinbase and ${count - 1} ${plural(count - 1, 'payment', 'payments')}`,
    tried: 'Tried so far',
  },
};
