// A long fetch: a bar, the rate of the last seconds, and height over time.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import '../components/line-plot.ts';
import { integer, span } from '../lib/format.ts';
import type { Progress } from '../lib/messages.ts';
import { en } from '../strings/en.ts';

interface Sample {
  /** Seconds since the fetch began. */
  at: number;
  height: number;
}

/** The rate is over this many seconds. */
const WINDOW = 5;
/** Samples kept: thinned to every second one when full. */
const MOST_SAMPLES = 600;
/** A fetch shorter than this many heights has no plot. */
const LEAST_HEIGHTS = 2000;

export class FetchProgress extends LightElement {
  static override properties = { progress: {} };
  declare progress: Progress | null;
  #stage: Progress['stage'] | undefined;
  #began = 0;
  #samples: Sample[] = [];

  constructor() {
    super();
    this.progress = null;
  }

  override willUpdate(): void {
    const { progress } = this;
    if (!progress) {
      this.#stage = undefined;
      return;
    }
    const now = performance.now() / 1000;
    if (progress.stage !== this.#stage) {
      this.#stage = progress.stage;
      this.#began = now;
      this.#samples = [];
    }
    const last = this.#samples.at(-1);
    const at = now - this.#began;
    if (last && (at - last.at < 0.2 || last.height === progress.height)) return;
    this.#samples.push({ at, height: progress.height });
    if (this.#samples.length > MOST_SAMPLES)
      this.#samples = this.#samples.filter((_, index) => index % 2 === 1);
  }

  /** Heights a second over the last seconds. */
  get #rate(): number {
    const last = this.#samples.at(-1);
    const from = this.#samples.find((sample) => last && last.at - sample.at <= WINDOW);
    if (!last || !from || last.at - from.at < 0.5) return 0;
    return (last.height - from.height) / (last.at - from.at);
  }

  override render(): TemplateResult | typeof nothing {
    const { progress } = this;
    if (!progress) return nothing;
    const of = Math.max(progress.of, progress.height, 1);
    const rate = this.#rate;
    const rateText = integer(Math.round(rate));
    const words =
      progress.stage === 'blocks'
        ? en.chainPage.rateBlocks(rateText)
        : en.chainPage.rateHeaders(rateText);
    return html`<section
      class="card fetch"
      aria-labelledby="fetch"
      data-testid="progress"
      data-stage=${progress.stage}
      data-height=${progress.height}
      data-of=${progress.of}
    >
      <h2 id="fetch">${en.chainPage.progress[progress.stage]}</h2>
      <progress max=${of} value=${progress.height} aria-labelledby="fetch"></progress>
      <div class="row spread num">
        <span>${en.chainPage.progressOf(integer(progress.height), integer(of))}</span>
        <span class="cap" data-testid="rate"
          >${rate > 0 ? words : ''}${
            rate > 0 ? ` · ${en.chainPage.left(span((of - progress.height) / rate))}` : ''
          }</span
        >
      </div>
      ${
        this.#long
          ? html`<line-plot
              .points=${this.#samples.map(({ at, height }) => ({ at, value: height }))}
              .label=${en.chainPage.plot}
              .axis=${integer}
            ></line-plot>`
          : nothing
      }
    </section>`;
  }

  /** Whether there is enough to draw. */
  get #long(): boolean {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    return first !== undefined && last !== undefined && last.height - first.height >= LEAST_HEIGHTS;
  }
}
define('fetch-progress', FetchProgress);
