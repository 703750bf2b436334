// Several curves over one axis, drawn by a plotting library in the page's own colours: each has a
// stroke or a shape of its own beside its colour. What they show is in a table and in `label`, said
// by whoever places the plot.

import { html, type PropertyValues, type TemplateResult } from 'lit';
import uPlot from 'uplot';
import { LightElement, define } from './element.ts';

export interface CurvePoint {
  x: number;
  y: number;
  /** The ends of an error bar. */
  low?: number;
  high?: number;
}

export interface Curve {
  /** How it is drawn. */
  style: 'line' | 'dashes' | 'steps' | 'dots' | 'diamonds' | 'bars';
  /** A custom property of tokens.css. */
  colour: string;
  points: readonly CurvePoint[];
}

export interface Axis {
  label: string;
  least: number;
  most: number;
  read?(value: number): string;
}

export class CurvePlot extends LightElement {
  static override properties = {
    curves: {},
    label: {},
    x: {},
    y: {},
    log: { type: Boolean },
    tall: { type: Boolean },
  };
  declare curves: readonly Curve[];
  /** The whole of it in a sentence. */
  declare label: string;
  declare x: Axis;
  declare y: Axis;
  /** Powers of ten on the y axis. */
  declare log: boolean;
  declare tall: boolean;
  #plot: uPlot | undefined;
  #drawn = '';
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #resize = new ResizeObserver(() => this.#again());
  readonly #theme = (): void => this.#again();

  constructor() {
    super();
    this.curves = [];
    this.label = '';
    this.x = { label: '', least: 0, most: 1 };
    this.y = { label: '', least: 0, most: 1 };
    this.log = false;
    this.tall = false;
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
      class="curves"
      data-testid="curves"
      role="img"
      aria-label=${this.label}
    ></div>`;
  }

  override updated(_changed: PropertyValues): void {
    const place = this.querySelector<HTMLElement>('.curves');
    if (!place || place.clientWidth === 0) return;
    const data = aligned(this.curves);
    // What is drawn afresh: axes and styles; data alone is set.
    const form = JSON.stringify([
      ...[this.x, this.y, this.log, this.#height, place.clientWidth],
      this.curves.map(({ style, colour }) => [style, colour]),
    ]);
    if (this.#plot && form === this.#drawn) return this.#plot.setData(data);
    this.#forget();
    this.#drawn = form;
    this.#plot = new uPlot(this.#options(place.clientWidth), data, place);
  }

  /** The size of the page's text, which presentations raise. */
  get #rem(): number {
    return parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  }

  get #height(): number {
    return Math.round(this.#rem * (this.tall ? 17 : 10));
  }

  #options(width: number): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const rem = this.#rem;
    const presenting = document.documentElement.hasAttribute('data-present');
    const size = Math.round(rem * (presenting ? 1 : 0.8125));
    const font = `${size}px ${style.getPropertyValue('--sans').trim() || 'sans-serif'}`;
    const axis = ({ label, read }: Axis, space: number): uPlot.Axis => ({
      label,
      labelFont: font,
      labelSize: size * 1.5,
      size: space,
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font,
      ...(read && {
        values: (_: uPlot, marks: number[]) =>
          marks.map((mark) => (mark === null ? '' : read(mark))),
      }),
    });
    return {
      width,
      height: this.#height,
      padding: [size * 0.6, size, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [this.x.least, this.x.most] },
        y: { distr: this.log ? 3 : 1, range: [this.y.least, this.y.most] },
      },
      axes: [
        {
          ...axis(this.x, size * 2),
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 1e5, 1e6],
        },
        {
          ...axis(this.y, size * 5),
          ...(this.log && { splits: (_u, _axis, least, most) => powers(least, most) }),
        },
      ],
      series: [{}, ...this.curves.map((curve) => this.#series(curve, colour(curve.colour), rem))],
    };
  }

  #series({ style, points: _points }: Curve, stroke: string, rem: number): uPlot.Series {
    const line = style === 'line' || style === 'dashes' || style === 'steps';
    return {
      stroke,
      width: rem / 7,
      spanGaps: true,
      ...(style === 'dashes' && { dash: [rem / 2, rem / 2.5] }),
      ...(style === 'bars' && {
        fill: stroke,
        paths: uPlot.paths.bars!({ size: [0.7, rem * 4], align: 0 }),
      }),
      ...(style === 'steps' && { paths: uPlot.paths.stepped!({ align: 1 }) }),
      ...(!line && style !== 'bars' && { paths: () => null }),
      points: {
        show:
          line || style === 'bars'
            ? false
            : (u, series) => void this.#marks(u, series, stroke, rem),
      },
    };
  }

  /** Dots with their error bars, or hollow diamonds. */
  #marks(plot: uPlot, series: number, stroke: string, rem: number): void {
    const curve = this.curves[series - 1];
    if (!curve) return;
    const { ctx } = plot;
    const ratio = devicePixelRatio || 1;
    const half = (rem / 3.2) * ratio;
    const x = (value: number): number => plot.valToPos(value, 'x', true);
    const y = (value: number): number =>
      plot.valToPos(Math.max(value, this.log ? this.y.least : -Infinity), 'y', true);
    ctx.save();
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.rect(
      plot.bbox.left - half,
      plot.bbox.top - half,
      plot.bbox.width + 2 * half,
      plot.bbox.height + 2 * half,
    );
    ctx.clip();
    ctx.strokeStyle = stroke;
    ctx.fillStyle = stroke;
    ctx.lineWidth = (rem / 8) * ratio;
    for (const point of curve.points) {
      const at = { x: x(point.x), y: y(point.y) };
      ctx.beginPath();
      if (curve.style === 'diamonds') {
        ctx.moveTo(at.x, at.y - half);
        ctx.lineTo(at.x + half, at.y);
        ctx.lineTo(at.x, at.y + half);
        ctx.lineTo(at.x - half, at.y);
        ctx.closePath();
        ctx.stroke();
        continue;
      }
      ctx.arc(at.x, at.y, half * 0.8, 0, 2 * Math.PI);
      ctx.fill();
      if (point.low === undefined || point.high === undefined) continue;
      const [low, high] = [y(point.low), y(point.high)];
      ctx.beginPath();
      ctx.moveTo(at.x, low);
      ctx.lineTo(at.x, high);
      for (const end of [low, high]) {
        ctx.moveTo(at.x - half, end);
        ctx.lineTo(at.x + half, end);
      }
      ctx.stroke();
    }
    ctx.restore();
  }

  #again(): void {
    this.#forget();
    this.requestUpdate();
  }

  #forget(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }
}

/** The powers of ten in a range. */
function powers(least: number, most: number): number[] {
  const first = Math.ceil(Math.log10(least) - 1e-9);
  const last = Math.floor(Math.log10(most) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}

/** The library wants one list of x for all curves. */
function aligned(curves: readonly Curve[]): uPlot.AlignedData {
  const all = new Set(curves.flatMap(({ points }) => points.map(({ x }) => x)));
  const xs = [...all].sort((a, b) => a - b);
  const index = new Map(xs.map((x, at) => [x, at]));
  const rows = curves.map(({ points }) => {
    const row: (number | null)[] = xs.map(() => null);
    for (const { x, y } of points) row[index.get(x)!] = y;
    return row;
  });
  return [xs, ...rows];
}
define('curve-plot', CurvePlot);
