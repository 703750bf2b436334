// One race as two branches that grow from a fork, its lead over time, and the odds by depth with what
// was measured. The branches have a pattern each beside their colour, and words beside that.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import '../components/curve-plot.ts';
import type { Curve } from '../components/curve-plot.ts';
import { LightElement, define } from '../components/element.ts';
import { shape, type Shape } from '../components/icons.ts';
import { integer, percent } from '../lib/format.ts';
import type { Contest, RaceView } from '../lib/lesson-messages.ts';
import { en } from '../strings/en.ts';
import { Measured } from './measured.ts';

const says = en.lesson.race;
/** Odds below this are not drawn. */
const LEAST = 1e-7;

export class RacePicture extends LightElement {
  static override properties = { race: {}, depth: {}, share: {}, printed: {}, measured: {} };
  declare race: RaceView | undefined;
  declare depth: number;
  declare share: number;
  /** What the paper printed for this share: depth and odds. */
  declare printed: readonly (readonly [number, number])[];
  /** What was measured at this share, by depth. */
  declare measured: ReadonlyMap<number, RaceView>;
  readonly #size = new Measured(this);

  override render(): TemplateResult {
    const contest = this.race?.contest;
    return html`
      <section aria-label=${says.thisRace}>
        <h2>${says.thisRace}</h2>
        ${this.#branches(contest)} ${this.#state(contest)} ${this.#lead(contest)}
      </section>
      <section aria-label=${says.odds}>
        <h2>${says.odds}</h2>
        ${this.#odds()}
      </section>
    `;
  }

  #state(contest: Contest | undefined): TemplateResult {
    const [name, words, tone] = stateOf(contest, this.depth);
    return html`<p
      class="contest ${tone}"
      data-testid="contest"
      data-outcome=${contest?.outcome ?? ''}
      data-honest=${contest?.honest ?? 0}
      data-attacker=${contest?.attacker ?? 0}
    >
      ${shape(name)}<span>${words}</span>
    </p>`;
  }

  /** Two rows of squares from one fork; the newest are drawn where there is no room for all. */
  #branches(contest: Contest | undefined): TemplateResult {
    const { width, rem } = this.#size;
    const { honest, attacker } = contest ?? { honest: 0, attacker: 0 };
    const side = rem * 1.5;
    const step = side * 1.4;
    const left = side + step * 0.6;
    const columns = Math.max(3, Math.floor((width - left) / step));
    const longest = Math.max(honest, attacker, this.depth);
    const from = Math.max(0, longest - columns);
    const row = side * 2.4;
    const top = rem * 1.6;
    const height = top + row + side + rem * 0.4;
    const x = (index: number): number => left + (index - from) * step;
    const handed = x(this.depth - 1) + side + (step - side) / 2;
    const squares = (count: number, y: number, kind: string): SVGTemplateResult[] =>
      Array.from({ length: Math.max(0, count - from) }, (_, i) => {
        const at = x(from + i);
        return svg`<path class="link ${kind}" d="M${at - (step - side)} ${y + side / 2}h${step - side}" /><g class="block ${kind}">
          ${kind === 'abandoned' ? svg`<rect fill="url(#race-hatch)" x=${at} y=${y} width=${side} height=${side} rx="4" />` : nothing}
          <rect class="side" x=${at} y=${y} width=${side} height=${side} rx="4" /></g>`;
      });
    const bend = (y: number, kind: string): SVGTemplateResult =>
      svg`<path class="link ${kind}" d="M${side} ${top + row / 2 + side / 2}C${left - (step - side) / 2} ${top + row / 2 + side / 2} ${side + 4} ${y + side / 2} ${left - (step - side)} ${y + side / 2}" />`;
    return html`<div class="branches">
      <p class="branch-name">
        <span class="swatch best"></span>${says.honest}: <b class="num">${integer(honest)}</b>
      </p>
      <svg
        width=${Math.max(width, 1)}
        height=${height}
        role="img"
        aria-label="${says.honest}: ${honest}. ${says.attacker}: ${attacker}."
      >
        <defs>
          <pattern
            id="race-hatch"
            width="8"
            height="8"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path class="hatch" d="M0 0v8" />
          </pattern>
        </defs>
        <rect class="side fork" x="1" y=${top + row / 2} width=${side - 2} height=${side} rx="4" />
        ${from === 0 ? [bend(top, honest ? 'best' : 'faint'), bend(top + row, attacker ? 'abandoned' : 'faint')] : svg`<text class="more-left" x=${side + 4} y=${top + row / 2 + side * 0.7}>…</text>`}
        ${squares(honest, top, 'best')} ${squares(attacker, top + row, 'abandoned')}
        ${
          this.depth > from
            ? svg`<path class="handed" d="M${handed} ${top * 0.2}v${height - top * 0.2}" />
              <text class="handed-text" text-anchor=${handed > width / 2 ? 'end' : 'start'} x=${handed + (handed > width / 2 ? -8 : 8)} y=${top * 0.7}>${says.handedOver}</text>`
            : nothing
        }
      </svg>
      <p class="branch-name">
        <span class="swatch abandoned"></span>${says.attacker}:
        <b class="num">${integer(attacker)}</b>
      </p>
    </div>`;
  }

  #lead(contest: Contest | undefined): TemplateResult {
    const lead = contest?.lead ?? [0];
    const from = contest?.leadFrom ?? 0;
    const most = Math.max(8, from + lead.length - 1);
    const level: Curve = {
      style: 'dashes',
      colour: '--bad',
      points: [
        { x: from, y: 0 },
        { x: most, y: 0 },
      ],
    };
    const curve: Curve = {
      style: 'steps',
      colour: '--copper',
      points: lead.map((y, i) => ({ x: from + i, y })),
    };
    const highest = Math.max(4, ...lead);
    const lowest = Math.min(-2, ...lead);
    return html`<curve-plot
      .label=${says.leadText(integer(most), lead.at(-1) ?? 0)}
      .x=${{ label: says.axisBlocks, least: from, most, read: (value: number) => (Number.isInteger(value) ? integer(value) : '') }}
      .y=${{ label: says.axisLead, least: lowest - 1, most: highest + 1, read: (value: number) => (Number.isInteger(value) ? String(value).replace('-', '−') : '') }}
      .curves=${[level, curve]}
    ></curve-plot>`;
  }

  #odds(): TemplateResult {
    const odds = this.race?.curve ?? [];
    const most = Math.max(10, Math.min(50, 2 * this.depth + 4));
    const shown = (points: { x: number; y: number }[]): { x: number; y: number }[] =>
      points.filter(({ x, y }) => x <= most && y >= LEAST);
    const curves: Curve[] = [
      {
        style: 'line',
        colour: '--ink',
        points: shown(odds.map(({ depth, exact }) => ({ x: depth, y: exact }))),
      },
      {
        style: 'dashes',
        colour: '--muted',
        points: shown(odds.map(({ depth, paper }) => ({ x: depth, y: paper }))),
      },
      {
        style: 'diamonds',
        colour: '--muted',
        points: shown(this.printed.map(([x, y]) => ({ x, y }))),
      },
      {
        style: 'dots',
        colour: '--copper',
        points: [...this.measured]
          .filter(([depth, race]) => depth <= most && race.rate)
          .map(([depth, race]) => ({
            x: depth,
            y: race.rate ?? 0,
            low: race.low,
            high: race.high,
          })),
      },
    ];
    const smallest = Math.min(...curves.flatMap(({ points }) => points.map(({ y }) => y)), 0.5);
    const least = Math.max(LEAST, 10 ** Math.floor(Math.log10(smallest)));
    return html`<curve-plot
        log
        tall
        .label=${says.oddsText(`${this.share}%`)}
        .x=${{ label: says.axisDepth, least: 0, most }}
        .y=${{ label: says.axisOdds, least, most: 1.2, read: percent }}
        .curves=${curves}
      ></curve-plot>
      <ul class="curve-legend cap">
        ${(['exact', 'paper', 'printed', 'measured'] as const).map(
          (name) =>
            html`<li class="key-${name}"><i aria-hidden="true"></i>${says.series[name]}</li>`,
        )}
      </ul>`;
  }
}

/** What a race has come to: its shape, its words, its tone. */
function stateOf(contest: Contest | undefined, depth: number): [Shape, string, string] {
  if (!contest) return ['clock', says.notBegun, 'wait'];
  switch (contest.outcome) {
    case 'won':
      return ['clash', says.won, 'bad'];
    case 'lost':
      return ['stop', says.lost, 'wait'];
    case 'undecided':
      return ['question', says.undecided, 'wait'];
    case null:
      return contest.handedOver === null
        ? ['clock', says.notHandedOver(depth - contest.honest), 'wait']
        : ['triangle', says.on(contest.honest - contest.attacker), 'risk'];
  }
}
define('race-picture', RacePicture);
