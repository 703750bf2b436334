// Blocks of one's own: this page's client makes the headers, from what a node proposes or from the
// best header that it verified, and takes the blocks that are found.

import type { BlockTemplate, ChainView, Command, Reply, WorkView } from './messages.ts';
import { Proposals } from './proposals.ts';
import type { Assignment, Outcome, SourceChange, Waiting, WorkSource } from './work-source.ts';

/** What is needed of the page's session. */
export interface ChainSession {
  readonly chain: ChainView | undefined;
  /** Peers that answer: without one a block would reach nobody. */
  readonly ready: readonly unknown[];
  request(command: Command): Promise<Reply>;
  watch(watcher: () => void): () => void;
}

export interface ChainOptions {
  /** Who is paid. */
  readonly address: string;
  /** Where a node proposes what to work on; without it, blocks of our own. */
  readonly template?: string | undefined;
}

/** Work is renewed so often, for the time in its header and for new transactions. */
const RENEW_MS = 30_000;

export class ChainSource implements WorkSource {
  readonly shares = false;
  readonly message = undefined;
  readonly #session: ChainSession;
  readonly options: ChainOptions;
  readonly #proposals = new Proposals(() => this.#changed('work'));
  #changed: (change: SourceChange) => void = () => {};
  #leave: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tip: string | undefined;
  /** The parent of what was given last: a tip that comes late is no news. */
  #given: string | undefined;
  /** The parent of the last block that was taken: another one on it comes too late. */
  #done: string | undefined;

  constructor(session: ChainSession, options: ChainOptions) {
    this.#session = session;
    this.options = options;
  }

  get kind(): 'template' | 'own' {
    return this.#proposals.newest ? 'template' : 'own';
  }

  get problem(): string | undefined {
    return this.#proposals.problem;
  }

  get waiting(): Waiting | undefined {
    const { ready, chain } = this.#session;
    if (ready.length === 0) return 'nodes';
    const stage = chain?.progress?.stage;
    return !chain || stage === 'headers' || stage === 'presync' ? 'headers' : undefined;
  }

  open(changed: (change: SourceChange) => void): void {
    this.#changed = changed;
    this.#tip = this.#session.chain?.tip.hash;
    this.#leave = this.#session.watch(() => this.#heard());
    this.#proposals.follow(this.options.template);
  }

  close(): void {
    this.#changed = () => {};
    this.#leave();
    this.#proposals.follow(undefined);
    clearTimeout(this.#timer);
  }

  async prepare(extraNonce: number): Promise<Assignment> {
    const work = await this.#prepare(this.#proposals.newest ?? null, extraNonce);
    this.#given = work.previous;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#changed('work'), RENEW_MS);
    return work;
  }

  async submit(work: Assignment, header: string): Promise<Outcome> {
    try {
      await this.#session.request({ type: 'submitWork', id: work.id, header });
      this.#done = work.previous;
      return { type: 'accepted' };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { type: (await this.#isPast(work)) ? 'stale' : 'rejected', reason };
    }
  }

  async #prepare(template: BlockTemplate | null, extraNonce: number): Promise<WorkView> {
    const { address } = this.options;
    const reply = await this.#session.request({
      type: 'prepareWork',
      template,
      address,
      extraNonce,
    });
    if (reply.type !== 'work') throw new Error(`expected work, found ${reply.type}`);
    return reply.work;
  }

  /** Whether a newer block has come. The page may hear of it later than of a refusal: the client knows. */
  async #isPast({ previous }: Assignment): Promise<boolean> {
    if (previous === this.#done || previous !== this.#session.chain?.tip.hash) return true;
    try {
      return (await this.#prepare(null, 0)).previous !== previous;
    } catch {
      return false;
    }
  }

  /** The session knows something new: a tip takes the place of all work. */
  #heard(): void {
    const tip = this.#session.chain?.tip.hash;
    const moved = tip !== this.#tip && tip !== this.#given;
    this.#tip = tip;
    this.#changed(moved ? 'work' : 'state');
  }
}
