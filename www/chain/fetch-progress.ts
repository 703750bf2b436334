// A long fetch: a bar, the rate of the last seconds, and height over time.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import uPlot from 'uplot';
import { LightElement, define } from '../components/element.ts';
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

/** Steps of the time axis. */
const SECONDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200] as const;

export class FetchProgress extends LightElement {
  static override properties = { progress: {} };
  declare progress: Progress | null;
  #stage: Progress['stage'] | undefined;
  #began = 0;
  #samples: Sample[] = [];
  #plot: uPlot | undefined;
  #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #resize = new ResizeObserver(() => this.#size());
  readonly #theme = (): void => this.#forget();

  constructor() {
    super();
    this.progress = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
    this.#dark.addEventListener('change', this.#theme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    this.#dark.removeEventListener('change', this.#theme);
    this.#forget();
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
      this.#forget();
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
      <div class="plot" data-testid="plot" role="img" aria-label=${en.chainPage.plot}></div>
    </section>`;
  }

  override updated(_changed: PropertyValues): void {
    const place = this.querySelector<HTMLElement>('.plot');
    if (!place) return this.#forget();
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.height - first.height < LEAST_HEIGHTS) return;
    const data: uPlot.AlignedData = [
      this.#samples.map((sample) => sample.at),
      this.#samples.map((sample) => sample.height),
    ];
    if (this.#plot && this.#plot.root.parentElement === place) return this.#plot.setData(data);
    this.#forget();
    this.#plot = new uPlot(this.#options(place.clientWidth), data, place);
  }

  #options(width: number): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    return {
      width,
      height: 160,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(most, 1)] } },
      axes: [
        {
          ...axis,
          size: 32,
          incrs: [...SECONDS],
          values: (_, marks) => marks.map((mark) => span(mark)),
        },
        { ...axis, size: 72, values: (_, marks) => marks.map((mark) => integer(mark)) },
      ],
      series: [
        {},
        {
          stroke: colour('--copper'),
          fill: colour('--copper-wash'),
          width: 2,
          points: { show: false },
        },
      ],
    };
  }

  #size(): void {
    const place = this.querySelector<HTMLElement>('.plot');
    if (this.#plot && place) this.#plot.setSize({ width: place.clientWidth, height: 160 });
  }

  #forget(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }
}
define('fetch-progress', FetchProgress);
