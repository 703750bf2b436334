// The newest headers as squares, time to the right: the best branch filled copper, abandoned ones
// hollow and hatched. A table says the same.

import {
  html,
  svg,
  nothing,
  type PropertyValues,
  type SVGTemplateResult,
  type TemplateResult,
} from 'lit';
import { LightElement, define } from '../components/element.ts';
import '../components/hash-text.ts';
import { blockTail, integer, moment } from '../lib/format.ts';
import type { ChainView } from '../lib/messages.ts';
import { en } from '../strings/en.ts';
import { layOut, type Square } from './tree-layout.ts';

const SIDE = 64;
const STEP = 88;
const ROW = 96;
const MARGIN = 8;
const says = en.chainPage;

export class ForkTree extends LightElement {
  static override properties = { chain: {} };
  declare chain: ChainView;
  /** What was drawn before: only what is new slides in. */
  #known: Set<string> | undefined;
  #tip = '';

  override render(): TemplateResult {
    const { recent, branches } = this.chain;
    const { squares, columns, rows } = layOut(recent);
    const width = columns * STEP - (STEP - SIDE) + 2 * MARGIN;
    const height = rows * ROW - (ROW - SIDE) + 24 + 2 * MARGIN;
    return html`<section class="card" aria-labelledby="tree">
      <h2 id="tree">${says.tree}</h2>
      <div class="scroll tree" tabindex="0" role="group" aria-labelledby="tree">
        ${
          squares.length
            ? html`<svg
                data-testid="fork-tree"
                width=${width}
                height=${height}
                viewBox="0 0 ${width} ${height}"
                role="img"
                aria-label=${says.treeText(recent.length, branches.length)}
              >
                <defs>
                  <pattern
                    id="hatch"
                    width="8"
                    height="8"
                    patternUnits="userSpaceOnUse"
                    patternTransform="rotate(45)"
                  >
                    <path class="hatch" d="M0 0v8" />
                  </pattern>
                </defs>
                ${squares.map((square) => link(square))}
                ${squares.map((square) => this.#square(square))}
              </svg>`
            : nothing
        }
      </div>
      <p class="legend cap">
        <span class="swatch best"></span>${says.best}<span class="swatch abandoned"></span
        >${says.abandoned}
      </p>
      ${this.#branches()} ${this.#table()}
    </section>`;
  }

  #square({ header, column, row }: Square): SVGTemplateResult {
    const x = MARGIN + column * STEP;
    const y = MARGIN + row * ROW;
    const fresh = this.#known !== undefined && !this.#known.has(header.hash);
    const words = `${says.block(integer(header.height))}, ${header.best ? says.best : says.abandoned}, ${header.hash}`;
    return svg`<g class="block ${header.best ? 'best' : 'abandoned'} ${fresh ? 'fresh' : ''}" data-testid="header" data-hash=${header.hash} data-height=${header.height} data-best=${String(header.best)}>
      <title>${words}</title>
      ${header.best ? nothing : svg`<rect fill="url(#hatch)" x=${x} y=${y} width=${SIDE} height=${SIDE} rx="8" />`}
      <rect class="side" x=${x} y=${y} width=${SIDE} height=${SIDE} rx="8" />
      <text class="tail" x=${x + SIDE / 2} y=${y + SIDE / 2 + 4.5}>${blockTail(header.hash)}</text>
      <text class="at" x=${x + SIDE / 2} y=${y + SIDE + 17}>${integer(header.height)}</text>
    </g>`;
  }

  #branches(): TemplateResult {
    const { branches } = this.chain;
    if (!branches.length) return html`<p class="cap">${says.branchNone}</p>`;
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${says.branches}>
      <table>
        <caption class="unseen">
          ${says.branches}
        </caption>
        <thead>
          <tr>
            <th scope="col">${says.branchTip}</th>
            <th scope="col">${says.height}</th>
            <th scope="col">${says.branchFork}</th>
            <th scope="col">${says.branchLength}</th>
          </tr>
        </thead>
        <tbody>
          ${branches.map(
            (branch) =>
              html`<tr
                data-testid="branch"
                data-tip=${branch.tip}
                data-height=${branch.height}
                data-fork-height=${branch.forkHeight}
              >
                <td>
                  <hash-text
                    .value=${branch.tip}
                    .head=${4}
                    .tail=${12}
                    .name=${says.branchTip}
                    .href=${`#block=${branch.tip}`}
                  ></hash-text>
                </td>
                <td>${integer(branch.height)}</td>
                <td>${integer(branch.forkHeight)}</td>
                <td>${integer(branch.height - branch.forkHeight)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #table(): TemplateResult {
    const rows = [...this.chain.recent].sort(
      (a, b) => b.height - a.height || Number(b.best) - Number(a.best),
    );
    return html`<details class="more">
      <summary>${says.table}</summary>
      <div class="scroll" tabindex="0" role="group" aria-label=${says.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">${says.height}</th>
              <th scope="col">${says.hash}</th>
              <th scope="col">${says.bestColumn}</th>
              <th scope="col">${says.time}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (header) =>
                html`<tr>
                  <td>${integer(header.height)}</td>
                  <td>
                    <hash-text
                      .value=${header.hash}
                      .head=${4}
                      .tail=${12}
                      .name=${says.hash}
                      .href=${`#block=${header.hash}`}
                    ></hash-text>
                  </td>
                  <td>${header.best ? says.best : says.abandoned}</td>
                  <td>${moment(header.time)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  override updated(_changed: PropertyValues): void {
    const { recent, tip } = this.chain;
    this.#known = new Set(recent.map((header) => header.hash));
    if (tip.hash === this.#tip) return;
    this.#tip = tip.hash;
    // The newest is on the right: that is where one looks.
    const place = this.querySelector('.tree');
    if (place) place.scrollLeft = place.scrollWidth;
  }
}

function link({ column, row, parent }: Square): SVGTemplateResult | typeof nothing {
  if (!parent) return nothing;
  const x = MARGIN + column * STEP;
  const y = MARGIN + row * ROW + SIDE / 2;
  const fromX = MARGIN + parent.column * STEP + SIDE;
  const fromY = MARGIN + parent.row * ROW + SIDE / 2;
  const bend = (x - fromX) / 2;
  return svg`<path class="link ${row ? 'abandoned' : 'best'}" d="M${fromX} ${fromY}c${bend} 0 ${x - fromX - bend} ${y - fromY} ${x - fromX} ${y - fromY}" />`;
}
define('fork-tree', ForkTree);
