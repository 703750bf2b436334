// Blocks that were found here, and what became of them.

import type { ChainView } from './messages.ts';
import type { Assignment, Outcome } from './work-source.ts';

export interface FoundBlock {
  /** Of a pool's block it is known once the chain has it. */
  height: number | undefined;
  hash: string;
  /** Seconds since 1970, of this computer's clock. */
  time: number;
  /** Units that its coinbase creates; of a pool's block only the pool knows. */
  value: bigint | undefined;
  transactions: number | undefined;
  /**
   * `sending` until it was taken; `taken` by a pool, whose chain this page may not see; what became
   * of it else is read from the chain.
   */
  state: 'sending' | 'taken' | 'best' | 'abandoned' | 'refused';
  /** Why it was refused, or came too late. */
  problem?: string;
}

/** Found blocks that are remembered. */
const MOST_BLOCKS = 200;

export class FoundBlocks {
  /** Newest first. */
  all: readonly FoundBlock[] = [];

  add({ height, value, transactions }: Assignment, hash: string): void {
    const time = Math.floor(Date.now() / 1000);
    const block: FoundBlock = { height, hash, time, value, transactions, state: 'sending' };
    this.all = [block, ...this.all].slice(0, MOST_BLOCKS);
  }

  /** Whether it was taken; `pool`: by a pool, and not by this page's own client. */
  end(hash: string, outcome: Outcome, pool: boolean): void {
    const states = {
      accepted: pool ? 'taken' : 'best',
      rejected: 'refused',
      stale: 'abandoned',
    } as const;
    const change = {
      state: states[outcome.type],
      ...('reason' in outcome ? { problem: outcome.reason } : {}),
    };
    this.all = this.all.map((block) => (block.hash === hash ? { ...block, ...change } : block));
  }

  /** The newest headers of the chain; what lies deeper stays what it was. */
  follow(recent: ChainView['recent'] | undefined): void {
    if (!recent || this.all.length === 0) return;
    const headers = new Map(recent.map((header) => [header.hash, header]));
    this.all = this.all.map((block) => {
      const header = headers.get(block.hash);
      if (!header || block.state === 'refused') return block;
      return { ...block, height: header.height, state: header.best ? 'best' : 'abandoned' };
    });
  }
}
