// How long a slice is, how long the rest after it, and when the page is told. Plain arithmetic: the
// clock is an argument.

/** How many nonces a header has. */
export const NONCES = 2 ** 32;

/**
 * Aimed at, in milliseconds: short enough to hear of new work soon, long enough for the browser to
 * put its optimised code in place, which it does between calls alone.
 */
const SLICE_MS = 75;
/** On a graphics processor, which paints the page too between two slices. */
export const GRAPHICS_SLICE_MS = 25;
/** The first slice is a guess that is short on any machine. */
const FIRST_SLICE = 20_000;
const LEAST_A_SLICE = 1000;
const MOST_A_SLICE = 2 ** 26;
/** So long for each hit, on average: shares come some seconds apart. */
const HIT_MS = 20;
/** The page is told at most this often. */
const TELL_MS = 250;

export class Pace {
  readonly #aim: number;
  #slice = FIRST_SLICE;
  #share = 1;
  #hashes = 0;
  #busy = 0;
  #told = 0;
  /** When the next slice may begin: a rest is owed also when other work comes. */
  #free = 0;

  /** `aim`: milliseconds of a slice. */
  constructor(aim = SLICE_MS) {
    this.#aim = aim;
  }

  /** Hashes of the next slice. */
  get slice(): number {
    return this.#slice;
  }

  /** The share of one core's time, over 0 and at most 1. */
  set share(share: number) {
    this.#share = share > 0.01 ? Math.min(1, share) : 0.01;
  }

  /** There is work; gives the wait before its first slice. */
  begin(now: number): number {
    // What was owed and passed without work was rest all the same.
    const rested = Math.max(0, Math.min(now, this.#free) - this.#told);
    this.#count(now - rested);
    return Math.max(0, this.#free - now);
  }

  #count(from: number): void {
    this.#hashes = 0;
    this.#busy = 0;
    this.#told = from;
  }

  /** A slice of so many hashes took so long; one that ended early tells nothing of the next. */
  did(hashes: number, took: number, whole: boolean): void {
    this.#hashes += hashes;
    this.#busy += took;
    if (!whole) return;
    // A machine that was busy for one slice is believed by halves; a clock may be coarse.
    const fits = (hashes * this.#aim) / Math.max(took, 1);
    const bounded = Math.min(2 * this.#slice, Math.max(this.#slice / 2, fits));
    this.#slice = Math.round(Math.min(MOST_A_SLICE, Math.max(LEAST_A_SLICE, bounded)));
  }

  /** The next slice is no longer than this. */
  atMost(hashes: number): void {
    this.#slice = Math.max(LEAST_A_SLICE, Math.min(this.#slice, hashes));
  }

  /**
   * The rest after a slice that ended now and took so long, so that work has its share of the time and
   * no more; and a pool that takes every other hash for a share gets no more of them than a page can
   * bear.
   */
  rest(now: number, took: number, hits = 0): number {
    const rest = Math.max(0, took * (1 / this.#share - 1), HIT_MS * hits - took);
    this.#free = now + rest;
    return rest;
  }

  /** What the page is to be told now, if anything. */
  tell(now: number, over: boolean): { hashes: number; busy: number; time: number } | undefined {
    const time = now - this.#told;
    if (this.#hashes === 0 || (!over && time < TELL_MS)) return undefined;
    const told = { hashes: this.#hashes, busy: this.#busy, time };
    this.#count(now);
    return told;
  }
}
