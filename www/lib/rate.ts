// Hashes a second as people want to see them: a moving average that settles in a few seconds, and its
// course over time. The clock is an argument, in milliseconds.

/** A change has shown to two thirds after so long. */
const SETTLES_MS = 4000;
/** A worker that said nothing for so long does nothing. */
const SILENT_MS = 3000;

/** The rate of one worker. */
export class Rate {
  #rate = 0;
  #at: number | undefined;

  /**
   * So many hashes took so long, rests and all; `at`: when that was said. The moments between two
   * pieces of work do not count: they are no measure of the machine.
   */
  add(hashes: number, time: number, at: number): void {
    if (time <= 0) return;
    const now = (1000 * hashes) / time;
    // The first word is all that is known; later ones count by the time that they tell of.
    const first = this.#at === undefined || at - this.#at > SILENT_MS;
    const weight = first ? 1 : 1 - Math.exp(-time / SETTLES_MS);
    this.#rate += weight * (now - this.#rate);
    this.#at = at;
  }

  /** Hashes a second. */
  now(at: number): number {
    return this.#at === undefined || at - this.#at > SILENT_MS ? 0 : this.#rate;
  }

  forget(): void {
    this.#rate = 0;
    this.#at = undefined;
  }
}

export interface Sample {
  /** Seconds since 1970. */
  at: number;
  /** Hashes a second, all together. */
  rate: number;
  /** Each worker's on a core. */
  each: readonly number[];
  /** The graphics processor's, where it searched. */
  graphics: number | undefined;
}

/** Samples kept: thinned to every second one when full, so that hours fit. */
const MOST_SAMPLES = 600;

/** The rates of several workers over time, one sample in `step` seconds. */
export class Course {
  samples: readonly Sample[] = [];
  #step = 1;

  add(at: number, each: readonly number[], graphics?: number): boolean {
    const last = this.samples.at(-1);
    if (last && at - last.at < this.#step) return false;
    const rate = each.reduce((sum, one) => sum + one, graphics ?? 0);
    let samples = [...this.samples, { at, rate, each, graphics }];
    if (samples.length > MOST_SAMPLES) {
      samples = samples.filter((_, index) => index % 2 === 0);
      this.#step *= 2;
    }
    this.samples = samples;
    return true;
  }
}
