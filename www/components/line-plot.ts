// A line over time, and thinner ones of its parts, drawn by a plotting library in the page's own colours. What it shows is said in
// words by whoever places it: the drawing is a picture to those who listen.

import { html, type PropertyValues, type TemplateResult } from 'lit';
import uPlot from 'uplot';
import { LightElement, define } from './element.ts';
import { span } from '../lib/format.ts';

/** A point: seconds from the beginning, and what was measured. */
export interface Point {
  at: number;
  value: number;
}

/** Steps of the time axis. */
const SECONDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

export class LinePlot extends LightElement {
  static override properties = {
    points: {},
    parts: {},
    label: {},
    axis: {},
    small: { type: Boolean },
  };
  /** In the order of time; fewer than two draw nothing. */
  declare points: readonly Point[];
  /** Parts of what the points measure, at the same times; null: it was not there then. */
  declare parts: readonly (readonly (number | null)[])[];
  declare label: string;
  /** A value as the axis writes it. */
  declare axis: (value: number) => string;
  /** Without axes, for a card where the number stands beside it. */
  declare small: boolean;
  #plot: uPlot | undefined;
  /** Lines that the plot was made for. */
  #lines = 0;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #resize = new ResizeObserver(() => this.#size());
  readonly #theme = (): void => {
    this.#forget();
    this.requestUpdate();
  };

  constructor() {
    super();
    this.points = [];
    this.parts = [];
    this.label = '';
    this.axis = String;
    this.small = false;
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

  override render(): TemplateResult {
    return html`<div
      class="plot ${this.small ? 'small' : ''}"
      data-testid="plot"
      role="img"
      aria-label=${this.label}
    ></div>`;
  }

  override updated(_changed: PropertyValues): void {
    const place = this.querySelector<HTMLElement>('.plot');
    if (!place) return;
    if (this.points.length < 2) return this.#forget();
    const data: uPlot.AlignedData = [
      this.points.map((point) => point.at),
      this.points.map((point) => point.value),
      ...this.parts.map((part) => [...part]),
    ];
    if (this.#lines !== data.length) this.#forget();
    this.#lines = data.length;
    if (this.#plot) return this.#plot.setData(data);
    this.#plot = new uPlot(this.#options(place.clientWidth), data, place);
  }

  get #height(): number {
    return this.small ? 90 : 160;
  }

  #options(width: number): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      show: !this.small,
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    return {
      width,
      height: this.#height,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1.1 * most, 1)] } },
      axes: [
        {
          ...axis,
          size: 32,
          incrs: SECONDS,
          values: (_, marks) => marks.map((mark) => span(mark)),
        },
        { ...axis, size: 72, values: (_, marks) => marks.map((mark) => this.axis(mark)) },
      ],
      series: [
        {},
        {
          stroke: colour('--copper'),
          fill: colour('--copper-wash'),
          width: 2,
          points: { show: false },
        },
        ...this.parts.map(() => ({
          stroke: colour('--edge'),
          width: 1,
          points: { show: false },
        })),
      ],
    };
  }

  #size(): void {
    const place = this.querySelector<HTMLElement>('.plot');
    if (place) this.#plot?.setSize({ width: place.clientWidth, height: this.#height });
  }

  #forget(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }
}
define('line-plot', LinePlot);
