// Plays a run: towards where it should be by now, one request at a time, so that a pause holds within
// a slice of the worker's time. Nothing is started before the first play, step or go.

import type { LabLink } from '../lib/lab.ts';
import type { Goal, LessonView, Setup } from '../lib/lesson-messages.ts';

export type Phase =
  /** At the beginning; no worker runs. */
  | 'ready'
  | 'playing'
  /** On the way to a goal: a step, a replay. */
  | 'going'
  | 'paused'
  | 'ended'
  /** The worker broke; `problem` says why. */
  | 'broken';

/** Between two pictures. */
const FRAME_MS = 50;
/** A tab that was hidden, or a machine that slept, does not catch up. */
const LONGEST_GAP_MS = 250;

export interface Pace {
  /** Positions a second; `Infinity`: as fast as it goes. */
  rate: number;
  /** Whether positions are whole numbers. */
  whole: boolean;
}

/** What a player has of the world. */
export interface Platform {
  open(): LabLink;
  now(): number;
  wait(ms: number): Promise<void>;
  changed(): void;
}

export class Player {
  phase: Phase = 'ready';
  view: LessonView | undefined;
  problem: string | undefined;
  readonly #platform: Platform;
  #setup: Setup;
  #lab: LabLink | undefined;
  /** Counts what a person asked for: whatever came before the last is over. */
  #turn = 0;

  constructor(setup: Setup, platform: Platform) {
    this.#setup = setup;
    this.#platform = platform;
  }

  get setup(): Setup {
    return this.#setup;
  }

  /** Whether something is going on. */
  get busy(): boolean {
    return this.phase === 'playing' || this.phase === 'going';
  }

  /** Another run, at its beginning. */
  load(setup: Setup): void {
    this.#setup = setup;
    this.stop();
  }

  /** Ends the worker, and with it whatever goes on: back at the beginning. */
  stop(): void {
    this.#turn += 1;
    this.#lab?.close();
    this.#lab = undefined;
    this.view = undefined;
    this.problem = undefined;
    this.#become('ready');
  }

  /** Halts where it is. */
  pause(): void {
    if (!this.busy) return;
    this.#turn += 1;
    this.#become(this.view ? this.#rest(this.view) : 'ready');
  }

  /** Plays on, until it is paused or at the end. */
  async play({ rate, whole }: Pace): Promise<void> {
    await this.#act('playing', async (ask, mine) => {
      let { position: due } = await ask({ type: 'here' });
      let last = this.#platform.now();
      while (mine()) {
        const now = this.#platform.now();
        if (rate === Infinity) due = rate;
        else due += (rate * Math.min(now - last, LONGEST_GAP_MS)) / 1000;
        last = now;
        const view = this.view;
        if (!view || view.position >= view.end) return;
        const position = Math.min(whole ? Math.floor(due) : due, view.end);
        if (position > view.position) {
          const next = await ask({ type: 'to', position });
          // Whatever it could not keep up with is not owed.
          if (!next.arrived) due = next.position;
        }
        await this.#platform.wait(rate === Infinity ? 0 : FRAME_MS);
      }
    });
  }

  /** Goes to a goal and rests there. Whether nothing else was asked for meanwhile. */
  async go(goal: Goal): Promise<boolean> {
    return this.#act('going', async (ask, mine) => {
      let view = await ask(goal);
      while (mine() && !view.arrived) view = await ask(null);
    });
  }

  /** The same moment of another setup. */
  async change(setup: Setup): Promise<boolean> {
    const position = this.view?.position;
    this.load(setup);
    return position === undefined || this.go({ type: 'to', position });
  }

  /** Something that a person asked for: it ends whatever went on, and is ended by what comes next. */
  async #act(
    phase: Phase,
    act: (ask: (goal: Goal | null) => Promise<LessonView>, mine: () => boolean) => Promise<void>,
  ): Promise<boolean> {
    if (this.phase === 'broken') this.stop();
    const turn = ++this.#turn;
    const mine = (): boolean => turn === this.#turn;
    this.#become(phase);
    try {
      const lab = await this.#opened();
      const ask = async (goal: Goal | null): Promise<LessonView> => {
        const view = await lab.request({ type: 'go', goal });
        // What comes after a pause shows where it halted.
        if (lab === this.#lab) {
          this.view = view;
          this.#platform.changed();
        }
        return view;
      };
      if (mine()) await act(ask, mine);
      if (mine() && this.view) this.#become(this.#rest(this.view));
    } catch (error) {
      if (!mine()) return false;
      this.problem = error instanceof Error ? error.message : String(error);
      this.#become('broken');
    }
    return mine();
  }

  async #opened(): Promise<LabLink> {
    if (this.#lab) return this.#lab;
    const lab = this.#platform.open();
    this.#lab = lab;
    await lab.request({ type: 'open', setup: this.#setup });
    return lab;
  }

  #rest(view: LessonView): Phase {
    return view.position >= view.end ? 'ended' : 'paused';
  }

  #become(phase: Phase): void {
    this.phase = phase;
    this.#platform.changed();
  }
}
