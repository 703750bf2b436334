// What was found for a source of work, counted: what it accepted, what it did not and why, what came
// too late, and the best hash of all.

import { difficulty } from './difficulty.ts';
import type { Outcome } from './work-source.ts';

export interface ShareCounts {
  readonly accepted: number;
  readonly rejected: number;
  readonly stale: number;
  /** Handed over, and not answered yet. */
  readonly waiting: number;
  /** Why some were rejected or stale, the newest reason first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  /** The lowest hash, in hex, and the difficulty that it would have met. */
  readonly best: { readonly hash: string; readonly difficulty: number } | undefined;
}

/** Hashes that are remembered: a worker that broke finds again what it found in its last slice. */
const MOST_SEEN = 4096;
/** Different reasons that are kept: they are the source's words. */
const MOST_REASONS = 6;
const LONGEST_REASON = 200;

export class Shares {
  readonly #seen = new Set<string>();
  #counts = { accepted: 0, rejected: 0, stale: 0, waiting: 0 };
  #reasons: ShareCounts['reasons'] = [];
  #best: ShareCounts['best'];

  /** A hit; false: it was here before. */
  begin(hash: string): boolean {
    if (this.#seen.has(hash)) return false;
    this.#seen.add(hash);
    if (this.#seen.size > MOST_SEEN) this.#seen.delete(this.#seen.values().next().value ?? '');
    if (!this.#best || hash < this.#best.hash) this.#best = { hash, difficulty: difficulty(hash) };
    this.#counts.waiting += 1;
    return true;
  }

  /** What became of it. */
  end(outcome: Outcome): void {
    this.#counts.waiting -= 1;
    this.#counts[outcome.type] += 1;
    if (outcome.type === 'accepted') return;
    const reason = outcome.reason.slice(0, LONGEST_REASON);
    const before = this.#reasons.find((known) => known.reason === reason)?.count ?? 0;
    const others = this.#reasons.filter((known) => known.reason !== reason);
    this.#reasons = [{ reason, count: before + 1 }, ...others].slice(0, MOST_REASONS);
  }

  get counts(): ShareCounts {
    return { ...this.#counts, reasons: this.#reasons, best: this.#best };
  }
}
