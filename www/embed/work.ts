// Proof of work for a page of anybody's: start, stop, quota, events, and no element of ours. The built
// site serves this module as `embed/work.js`; docs/work-api.md tells how it is used.

import { ChainSource } from '../lib/chain-source.ts';
import { Client } from '../lib/client.ts';
import type { FoundBlock } from '../lib/found-blocks.ts';
import { Manners, type Manner } from '../lib/manners.ts';
import type { NodeAddress } from '../lib/messages.ts';
import { isOwnNetwork, type OwnNetwork } from '../lib/networks.ts';
import { offered, type OfferedPool } from '../lib/nodes.ts';
import { PoolSource, poolPlace } from '../lib/pool-source.ts';
import { ownPlace } from '../lib/place.ts';
import { Session } from '../lib/session.ts';
import type { ShareCounts } from '../lib/shares.ts';
import { GRAPHICS_USES, MOST_WORKERS, halfTheCores } from '../lib/work-settings.ts';
import type { WorkSource } from '../lib/work-source.ts';
import { Work, type GraphicsUse, type WorkState } from '../lib/work.ts';
import { en } from '../strings/en.ts';

export type { FoundBlock } from '../lib/found-blocks.ts';
export type { NodeAddress } from '../lib/messages.ts';
export type { OwnNetwork } from '../lib/networks.ts';
export type { ShareCounts } from '../lib/shares.ts';
export type { GraphicsUse, WorkState, WorkerView } from '../lib/work.ts';

const says = en.embed;

/** On which network, and whom to ask there. Both are what this site offers if they are left out. */
export interface NetworkOptions {
  network?: OwnNetwork;
  nodes?: NodeAddress[];
}

export interface StartOptions extends Partial<Manner> {
  /** Who is paid: an address of the network; at a pool elsewhere, the user's name there. */
  address: string;
  /**
   * A pool that this site's `farthing.json` offers, by its `url`: `/stratum` is the site's own node.
   * Without it, blocks of the network's chain.
   */
  pool?: string | undefined;
  /** Each a web worker; half the cores if left out. */
  workers?: number;
  /** The share of one core's time that each takes, over 0 and at most 1; 1 if left out. */
  quota?: number;
  /**
   * Whether the graphics processor searches too: `auto` where there is one, `on` also if the browser
   * imitates it, `off` not at all. `auto` if left out.
   */
  graphics?: GraphicsUse;
}

/** What is told, and with what. */
export interface WorkEvents {
  /** Anything changed; with rates, a few times a second. */
  state: WorkState;
  /** A block was found, or something became of it. */
  block: FoundBlock;
  /** Something was accepted, rejected or stale. */
  shares: ShareCounts;
  /** A sentence on what is not as it should be; none: it is well again. */
  problem: string | undefined;
}

type Listeners = { [K in keyof WorkEvents]: Set<(told: WorkEvents[K]) => void> };

/** A light client on one network, and the workers that search for it. Nothing is searched before `start`. */
export class ProofOfWork {
  readonly #session: Session;
  readonly #template: string | undefined;
  readonly #pools: readonly OfferedPool[];
  readonly #work: Work;
  readonly #manners: Manners;
  readonly #listeners: Listeners = {
    state: new Set(),
    block: new Set(),
    shares: new Set(),
    problem: new Set(),
  };
  #manner: Manner = { pauseWhenHidden: false, pauseOnBattery: false };
  #before: WorkState;

  private constructor(
    session: Session,
    template: string | undefined,
    pools: readonly OfferedPool[],
  ) {
    this.#session = session;
    this.#template = template;
    this.#pools = pools;
    this.#work = new Work(session);
    this.#before = this.#work.state;
    this.#work.on(() => this.#tell());
    this.#manners = new Manners(
      () => this.#manner,
      (pause) => this.#work.pause(pause),
    );
  }

  /** Connects a light client; what it needs is on this page's own site. */
  static async open({ network, nodes }: NetworkOptions = {}): Promise<ProofOfWork> {
    if (network !== undefined && !isOwnNetwork(network)) throw new Error(says.notOwn(network));
    const offers = await offered();
    const place = ownPlace(offers.nodes, undefined, network);
    const asked = nodes ?? place?.nodes ?? [];
    if (!place || asked.length === 0) throw new Error(says.noNode);
    const session = new Session((name) => new Client(name));
    session.open(place.network, asked);
    const pools = offers.pools.filter((pool) => !pool.network || pool.network === place.network);
    return new ProofOfWork(session, place.template, pools);
  }

  /** Searches, or goes on in another way. Rejects with a sentence if that cannot be. */
  async start(options: StartOptions): Promise<void> {
    const { address, pool, workers, quota, graphics, ...manner } = options;
    const how = {
      workers: checkWorkers(workers ?? halfTheCores()),
      quota: checkQuota(quota ?? 1),
      graphics: checkGraphics(graphics ?? 'auto'),
    };
    const place = pool === undefined ? undefined : this.#pool(pool);
    // Of a pool elsewhere nothing is known here: whom it credits is its own to check.
    if (!place || place.network) await this.#session.request({ type: 'checkAddress', address });
    this.#manner = { pauseWhenHidden: false, pauseOnBattery: false, ...manner };
    this.#manners.look();
    this.#work.start({ source: this.#source(address, place), ...how });
  }

  /** Ends the workers. It can be started again. */
  stop(): void {
    this.#work.stop();
  }

  /** The share of one core's time that each worker takes; 0 while it is stopped. */
  get quota(): number {
    return this.#work.options?.quota ?? 0;
  }

  set quota(quota: number) {
    this.#change({ quota: checkQuota(quota) });
  }

  /** How many workers search; 0 while it is stopped. */
  get workers(): number {
    return this.#work.options?.workers ?? 0;
  }

  set workers(workers: number) {
    this.#change({ workers: checkWorkers(workers) });
  }

  get state(): WorkState {
    return this.#work.state;
  }

  /** Hears of something, until the returned function is called. */
  on<K extends keyof WorkEvents>(event: K, listener: (told: WorkEvents[K]) => void): () => void {
    const listeners = this.#listeners[event];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Ends everything: the workers and the client. What is stored stays. */
  close(): void {
    this.stop();
    this.#manners.close();
    this.#session.close();
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }

  #pool(url: string): OfferedPool {
    const asked = new URL(url, document.baseURI).pathname;
    const pool = this.#pools.find((offers) => new URL(offers.url).pathname === asked);
    if (!pool) throw new Error(says.noPool(url));
    return pool;
  }

  /** The source that runs, if it is the same. */
  #source(address: string, pool: OfferedPool | undefined): WorkSource {
    const running = this.#work.options?.source;
    if (pool) {
      const place = poolPlace(pool, address);
      const same = running instanceof PoolSource && running.isAt(place);
      return same ? running : new PoolSource(place);
    }
    const same = running instanceof ChainSource && running.options.address === address;
    const options = { address, template: this.#template };
    return same ? running : new ChainSource(this.#session, options);
  }

  #change(how: { quota: number } | { workers: number }): void {
    const { options } = this.#work;
    if (!options) throw new Error(says.stopped);
    this.#work.start({ ...options, ...how });
  }

  #tell(): void {
    const before = this.#before;
    const state = this.#work.state;
    this.#before = state;
    this.#emit('state', state);
    const known = new Map(before.blocks.map((block) => [block.hash, block.state]));
    for (const block of [...state.blocks].reverse())
      if (known.get(block.hash) !== block.state) this.#emit('block', block);
    const counts = ({ accepted, rejected, stale, waiting }: ShareCounts): string =>
      [accepted, rejected, stale, waiting].join();
    if (counts(before.shares) !== counts(state.shares)) this.#emit('shares', state.shares);
    if (before.problem !== state.problem) this.#emit('problem', state.problem);
  }

  #emit<K extends keyof WorkEvents>(event: K, told: WorkEvents[K]): void {
    for (const listener of [...this.#listeners[event]]) listener(told);
  }
}

function checkQuota(quota: number): number {
  if (quota > 0 && quota <= 1) return quota;
  throw new RangeError(says.badQuota(String(quota)));
}

function checkGraphics(use: GraphicsUse): GraphicsUse {
  if (GRAPHICS_USES.includes(use)) return use;
  throw new RangeError(says.badGraphics(GRAPHICS_USES.join(', '), String(use)));
}

function checkWorkers(workers: number): number {
  if (Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new RangeError(says.badWorkers(MOST_WORKERS, String(workers)));
}
