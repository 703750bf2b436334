// What a node proposes to work on, followed for as long as it is wanted: asked for, waited for, and
// asked for again when the node did not answer.

import { en } from '../strings/en.ts';
import type { BlockTemplate } from './messages.ts';
import { fetchTemplate } from './template.ts';

const FIRST_BACK_OFF_MS = 1000;
const LONGEST_BACK_OFF_MS = 15_000;

export class Proposals {
  /** The newest proposal; none: the node is not asked, or does not answer. */
  newest: BlockTemplate | undefined;
  /** Why there is none, although it is asked: a sentence. */
  problem: string | undefined;

  readonly #changed: () => void;
  #asking: AbortController | undefined;

  /** `changed` is called when there is another proposal, or none any more. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Follows the proposals at an address, and no other; without one, none. */
  follow(url: string | undefined): void {
    this.#asking?.abort();
    this.newest = undefined;
    this.problem = undefined;
    if (url === undefined) return;
    const asking = new AbortController();
    this.#asking = asking;
    void this.#poll(url, asking.signal);
  }

  async #poll(url: string, signal: AbortSignal): Promise<void> {
    let wait = FIRST_BACK_OFF_MS;
    while (!signal.aborted) {
      const before = this.newest;
      try {
        const template = await fetchTemplate(url, before?.longpollid, signal);
        if (signal.aborted) return;
        wait = FIRST_BACK_OFF_MS;
        this.problem = undefined;
        this.newest = template;
        // After a minute the same proposal comes again, with another time.
        if (template.longpollid !== before?.longpollid) this.#changed();
      } catch (error) {
        if (signal.aborted) return;
        this.problem = en.work.withoutTemplate(
          error instanceof Error ? error.message : String(error),
        );
        this.newest = undefined;
        if (before) this.#changed();
        await new Promise((resolve) => setTimeout(resolve, wait));
        wait = Math.min(2 * wait, LONGEST_BACK_OFF_MS);
      }
    }
  }
}
