// When a search steps back: while nobody sees the page, or while the computer runs on its battery. A
// page that is hidden goes on unless it was told otherwise.

/** Why it steps back. */
export type Pause = 'hidden' | 'battery';

export interface Manner {
  readonly pauseWhenHidden: boolean;
  readonly pauseOnBattery: boolean;
}

/** What some browsers tell of the battery, on pages from a safe origin. */
interface Battery extends EventTarget {
  readonly charging: boolean;
}

type TellsBattery = Navigator & { getBattery?(): Promise<Battery> };

/** Whether this browser tells at all. */
export const tellsBattery = (): boolean => 'getBattery' in navigator;

/** Watches, until it is closed. */
export class Manners {
  readonly #manner: () => Manner;
  readonly #changed: (pause: Pause | undefined) => void;
  readonly #closed = new AbortController();
  #battery: Battery | undefined;

  /** `changed` is called whenever the answer may be another one. */
  constructor(manner: () => Manner, changed: (pause: Pause | undefined) => void) {
    this.#manner = manner;
    this.#changed = changed;
    const { signal } = this.#closed;
    document.addEventListener('visibilitychange', () => this.look(), { signal });
    void this.#watchBattery(signal);
  }

  get pause(): Pause | undefined {
    const { pauseWhenHidden, pauseOnBattery } = this.#manner();
    if (pauseWhenHidden && document.visibilityState === 'hidden') return 'hidden';
    return pauseOnBattery && this.#battery?.charging === false ? 'battery' : undefined;
  }

  /** The manner may be another one. */
  look(): void {
    this.#changed(this.pause);
  }

  close(): void {
    this.#closed.abort();
  }

  async #watchBattery(signal: AbortSignal): Promise<void> {
    try {
      const battery = await (navigator as TellsBattery).getBattery?.();
      if (!battery || signal.aborted) return;
      this.#battery = battery;
      battery.addEventListener('chargingchange', () => this.look(), { signal });
      this.look();
    } catch {
      // A policy of the browser's forbids it: as if it did not tell.
    }
  }
}
