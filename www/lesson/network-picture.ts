// The nodes in a ring, each with the block that it takes for the newest, and the tree of blocks, whole
// or as one node has it. Nodes that agree share a shape, and blocks off the best chain are hatched.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { integer } from '../lib/format.ts';
import type { BlockSeen, NetworkView, NodeSeen } from '../lib/lesson-messages.ts';
import { en } from '../strings/en.ts';
import { layBlocks, type Place } from './block-layout.ts';
import { Measured } from './measured.ts';

const says = en.lesson.network;
/** Tips beyond this many share the last shape: the number beside it tells them apart. */
const SHAPES = ['round', 'square', 'diamond', 'triangle'] as const;

export class NetworkPicture extends LightElement {
  static override properties = { network: {}, count: {}, looked: { state: true } };
  declare network: NetworkView | undefined;
  /** How many nodes there will be. */
  declare count: number;
  /** The node whose tree is shown; none: all blocks. */
  declare looked: number | undefined;
  readonly #size = new Measured(this);

  override render(): TemplateResult {
    const { network } = this;
    const looked = this.looked !== undefined && this.looked < this.count ? this.looked : undefined;
    return html`
      <section aria-label=${says.tree}>
        <h2>${looked === undefined ? says.tree : says.treeOf(looked)}</h2>
        ${this.#tree(network, looked)}
        <p class="legend cap">
          <span class="swatch best"></span>${says.best}<span class="swatch abandoned"></span
          >${says.abandoned}
          ${looked === undefined ? nothing : html`<span class="swatch unknown"></span>${says.unknown}`}
        </p>
        <div class="field look-at">
          <label for="look-at">${says.look}</label>
          <select
            id="look-at"
            data-testid="field-look"
            @change=${(event: Event) => {
              const { value } = event.target as HTMLSelectElement;
              this.looked = value === '' ? undefined : Number(value);
            }}
          >
            <option value="" ?selected=${looked === undefined}>${says.lookAll}</option>
            ${Array.from({ length: this.count }, (_, node) => html`<option value=${node} ?selected=${looked === node}>${says.node(node)}</option>`)}
          </select>
        </div>
      </section>
      <div class="network-parts">
        <section aria-label=${says.ring}>
          <h2>${says.ring}</h2>
          ${this.#ring(network, looked)}
        </section>
        <section aria-label=${says.depths}>
          <h2>${says.depths}</h2>
          ${depths(network)}
        </section>
      </div>
    `;
  }

  #ring(network: NetworkView | undefined, looked: number | undefined): TemplateResult {
    const { rem } = this.#size;
    const count = network?.nodes.length ?? this.count;
    const dot = rem * (count > 16 ? 1.05 : 1.35);
    const radius = Math.max(rem * 5.5, (count * dot * 2.3) / (2 * Math.PI));
    const side = 2 * (radius + dot + rem * 0.5);
    const groups = tipGroups(network);
    const at = (node: number): { x: number; y: number } => {
      const angle = (2 * Math.PI * (node + 0.5)) / count - Math.PI / 2;
      return { x: side / 2 + radius * Math.cos(angle), y: side / 2 + radius * Math.sin(angle) };
    };
    const nodes = network?.nodes ?? [];
    const lines: SVGTemplateResult[] = [];
    for (let one = 0; one < count; one += 1)
      for (let other = one + 1; other < count; other += 1) {
        const cut = network?.cut && nodes[one]?.side !== nodes[other]?.side;
        if (cut) continue;
        const [a, b] = [at(one), at(other)];
        lines.push(svg`<path class="wire" d="M${a.x} ${a.y}L${b.x} ${b.y}" />`);
      }
    return html`<svg
        class="ring"
        data-testid="ring"
        data-tips=${network?.tips ?? 1}
        data-cut=${String(network?.cut ?? false)}
        viewBox="0 0 ${side} ${side}"
        width=${side}
        height=${side}
        role="img"
        aria-label=${ringText(network, this.count)}
      >
        ${lines}
        ${Array.from({ length: count }, (_, node) => {
          const { x, y } = at(node);
          const group = groups.get(nodes[node]?.tip ?? 0) ?? 0;
          return svg`<g class="node tip-${Math.min(group, 3)} ${node === looked ? 'looked' : ''}" data-testid="node" data-node=${node} data-tip=${nodes[node]?.tip ?? 0}>
          <title>${says.nodeText(node, nodes[node]?.tip ?? 0)}</title>
          ${mark(SHAPES[Math.min(group, 3)] ?? 'round', x, y, dot)}
          <text x=${x} y=${y} font-size=${rem * (document.documentElement.hasAttribute('data-present') ? 1 : 0.8125)}>${node + 1}</text></g>`;
        })}
      </svg>
      <ul class="tips cap">
        ${[...groups].slice(0, 4).map(
          ([tip, group]) =>
            html`<li>
              <svg class="tip-${group}" width=${rem * 1.2} height=${rem * 1.2} aria-hidden="true">
                ${mark(SHAPES[group] ?? 'round', rem * 0.6, rem * 0.6, rem * 0.5)}
              </svg>
              ${says.onTip(count === 0 ? 0 : nodes.filter((node) => node.tip === tip).length, tip)}
            </li>`,
        )}
      </ul>`;
  }

  #tree(network: NetworkView | undefined, looked: number | undefined): TemplateResult {
    const { width, rem } = this.#size;
    const side = rem * 2.4;
    const step = side * 1.4;
    const row = side * 1.35;
    const columns = Math.max(3, Math.floor((width - rem) / step));
    const { places, rows } = layBlocks(network?.blocks ?? [], columns);
    // Room for some branches, so that the page does not jump with each.
    const height = Math.max(3, rows) * row + rem * 0.4;
    const has = (block: BlockSeen): boolean =>
      looked === undefined || ((block.holders >>> looked) & 1) === 1;
    const x = ({ column }: { column: number }): number => rem * 0.2 + column * step;
    const y = (place: { row: number }): number => rem * 0.2 + place.row * row;
    const link = (place: Place): SVGTemplateResult | typeof nothing => {
      const { parent } = place;
      if (!parent) return nothing;
      const [from, to] = [x(parent) + side, x(place)];
      const [fromY, toY] = [y(parent) + side / 2, y(place) + side / 2];
      const bend = (to - from) / 2;
      const kind = place.block.best ? 'best' : 'abandoned';
      return svg`<path class="link ${kind}" d="M${from} ${fromY}C${from + bend} ${fromY} ${to - bend} ${toY} ${to} ${toY}" />`;
    };
    return html`<svg
      class="lesson-tree"
      data-testid="block-tree"
      data-count=${places.length}
      width=${Math.max(width, 1)}
      height=${height}
      role="img"
      aria-label=${treeText(network)}
    >
      <defs>
        <pattern
          id="tree-hatch"
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path class="hatch" d="M0 0v8" />
        </pattern>
      </defs>
      ${places.map(link)}
      ${places.map((place) => {
        const { block } = place;
        const kind = `${block.best ? 'best' : 'abandoned'} ${has(block) ? '' : 'unknown'}`;
        return svg`<g class="block ${kind}" data-testid="tree-block" data-id=${block.id} data-best=${String(block.best)}>
          <title>${says.blockText(block.id, block.height, block.by, block.best)}</title>
          ${block.best || !has(block) ? nothing : svg`<rect fill="url(#tree-hatch)" x=${x(place)} y=${y(place)} width=${side} height=${side} rx="6" />`}
          <rect class="side" x=${x(place)} y=${y(place)} width=${side} height=${side} rx="6" />
          <text class="tail" x=${x(place) + side / 2} y=${y(place) + side / 2} font-size=${rem * (document.documentElement.hasAttribute('data-present') ? 1 : 0.8125)}>${block.id}</text>
        </g>`;
      })}
    </svg>`;
  }
}

/** Tips by how many nodes have them: the most shared first. */
function tipGroups(network: NetworkView | undefined): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { tip } of network?.nodes ?? []) counts.set(tip, (counts.get(tip) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return new Map(sorted.map(([tip], group) => [tip, group]));
}

function mark(kind: (typeof SHAPES)[number], x: number, y: number, r: number): SVGTemplateResult {
  switch (kind) {
    case 'round':
      return svg`<circle cx=${x} cy=${y} r=${r} />`;
    case 'square':
      return svg`<rect x=${x - r * 0.9} y=${y - r * 0.9} width=${r * 1.8} height=${r * 1.8} />`;
    case 'diamond':
      return svg`<path d="M${x} ${y - r * 1.2}L${x + r * 1.2} ${y}L${x} ${y + r * 1.2}L${x - r * 1.2} ${y}z" />`;
    case 'triangle':
      return svg`<path d="M${x} ${y - r * 1.2}L${x + r * 1.15} ${y + r * 0.8}L${x - r * 1.15} ${y + r * 0.8}z" />`;
  }
}

/** Bars: how often a history was rewritten so deep; the number stands at each. */
function depths(network: NetworkView | undefined): TemplateResult {
  const all = network?.depths ?? [];
  if (!all.length) return html`<p class="cap" data-testid="no-depths">${says.noDepths}</p>`;
  const most = Math.max(...all.map(({ times }) => times));
  return html`<ul class="depth-bars" data-testid="depths">
    ${all.map(
      ({ blocks, times }) =>
        html`<li data-testid="depth" data-blocks=${blocks} data-times=${times}>
          <span class="num">${says.blocks(blocks)}</span>
          <progress
            max=${most}
            .value=${times}
            aria-label=${says.depthText(blocks, times)}
          ></progress>
          <span class="num">${integer(times)}</span>
        </li>`,
    )}
  </ul>`;
}

function ringText(network: NetworkView | undefined, count: number): string {
  if (!network) return says.ringNone(count);
  const sides = (side: number): number[] =>
    network.nodes.flatMap((node: NodeSeen, number) => (node.side === side ? [number + 1] : []));
  const cut = network.cut ? says.ringCut(sides(0).join(', '), sides(1).join(', ')) : '';
  return `${says.ringText(network.nodes.length, network.tips)} ${cut}`.trim();
}

function treeText(network: NetworkView | undefined): string {
  const blocks = network?.blocks ?? [];
  return says.treeText(blocks.length, blocks.filter(({ best }) => !best).length);
}
define('network-picture', NetworkPicture);
