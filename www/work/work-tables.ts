// What the search does, in numbers: the rate over time with its table, the workers, what comes next, the
// shares, and the blocks that were found.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText } from '../components/amount.ts';
import '../components/hash-text.ts';
import { countText, rateText } from '../components/hash-rate.ts';
import { shape, type Shape } from '../components/icons.ts';
import '../components/line-plot.ts';
import { blockTarget, expectedHashes } from '../lib/difficulty.ts';
import { compact, integer, moment, percent, span } from '../lib/format.ts';
import type { FoundBlock } from '../lib/found-blocks.ts';
import { chainLink } from '../lib/route.ts';
import type { Sample } from '../lib/rate.ts';
import type { WorkState } from '../lib/work.ts';
import { en } from '../strings/en.ts';

const says = en.workPage;

/** Rows of the table beside the plot. */
const ROWS = 12;
/** Blocks on show. */
const MOST_SHOWN = 50;

const SHAPES: Record<FoundBlock['state'], Shape> = {
  sending: 'clock',
  taken: 'check',
  best: 'check',
  abandoned: 'triangle',
  refused: 'triangle',
};

/** A line of the plot, a column of the table. */
interface Column {
  name: string;
  of: (sample: Sample) => number | undefined;
}

export function overTime({ course, rate }: WorkState): TemplateResult | typeof nothing {
  const [first] = course;
  if (!first || course.length < 2) return nothing;
  const most = Math.max(...course.map((sample) => sample.rate));
  const step = Math.max(1, Math.ceil(course.length / ROWS));
  // From the newest back, so that the last row is now.
  const rows = course.filter((_, index) => (course.length - 1 - index) % step === 0);
  // One worker's line is that of all.
  const cores = Math.max(...course.map(({ each }) => each.length));
  const columns = Array.from({ length: cores }, (_, index): Column => {
    return { name: `${says.worker} ${index + 1}`, of: ({ each }) => each[index] };
  });
  if (course.some(({ graphics }) => graphics !== undefined))
    columns.push({ name: says.graphics, of: ({ graphics }) => graphics });
  if (columns.length === 1) columns.pop();
  return html`<line-plot
      .points=${course.map((sample) => ({ at: sample.at - first.at, value: sample.rate }))}
      .parts=${columns.map(({ of }) => course.map((sample) => of(sample) ?? null))}
      .label=${says.overTimeText(rateText(rate), rateText(most))}
      .axis=${compact}
    ></line-plot>
    <details>
      <summary>${says.table}</summary>
      <div class="scroll" role="group" tabindex="0" aria-label=${says.overTable}>
        <table data-testid="rate-table">
          <thead>
            <tr>
              <th scope="col">${says.time}</th>
              <th scope="col">${columns.length ? says.all : says.rate}</th>
              ${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody class="num">
            ${rows.map(
              (sample) =>
                html`<tr>
                  <td>${moment(Math.floor(sample.at))}</td>
                  <td>${rateText(sample.rate)}</td>
                  ${columns.map(({ of }) => html`<td>${compact(of(sample) ?? 0)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
}

const after = (seconds: number | undefined): string =>
  seconds === undefined ? says.nextUnknown : says.nextValue(span(Math.max(1, seconds)));

export function nextBlock(state: WorkState): TemplateResult {
  const { work, expected, expectedShare } = state;
  return html`<section class="card" aria-labelledby="next">
    <h2 id="next">${says.next}</h2>
    <dl class="facts num">
      <div>
        <dt>${says.next}</dt>
        <dd data-testid="expected" data-seconds=${expected ?? ''}>${after(expected)}</dd>
      </div>
      ${
        state.source === 'pool'
          ? html`<div>
              <dt>${says.nextShare}</dt>
              <dd data-testid="expected-share" data-seconds=${expectedShare ?? ''}>
                ${after(expectedShare)}
              </dd>
            </div>`
          : nothing
      }
      ${
        work
          ? html`<div>
                <dt>${says.hashesFor}</dt>
                <dd>${says.hashesForValue(countText(expectedHashes(blockTarget(work.header))))}</dd>
              </div>
              ${
                work.transactions === undefined
                  ? nothing
                  : html`<div>
                      <dt>${says.holds}</dt>
                      <dd>${says.holdsValue(work.transactions)}</dd>
                    </div>`
              }
              <div>
                <dt>${says.source}</dt>
                <dd data-testid="source" data-source=${state.source}>
                  ${says.sources[state.source]}
                </dd>
              </div>`
          : nothing
      }
      <div>
        <dt>${says.tried}</dt>
        <dd data-testid="hashes" data-hashes=${state.hashes}>${countText(state.hashes)}</dd>
      </div>
      ${best(state)}
    </dl>
  </section>`;
}

function best({ shares }: WorkState): TemplateResult {
  return html`<div>
    <dt>${says.shares.best}</dt>
    <dd data-testid="best-difficulty" data-difficulty=${shares.best?.difficulty ?? ''}>
      ${shares.best ? difficultyText(shares.best.difficulty) : says.shares.bestNone}
    </dd>
  </div>`;
}

/** A difficulty may be a fraction: a tab's are. */
const difficultyText = (difficulty: number): string =>
  difficulty >= 1000 ? countText(difficulty) : String(Number(difficulty.toPrecision(3)));

export function sharesOf({ shares, source }: WorkState): TemplateResult {
  const { accepted, rejected, stale, waiting, reasons } = shares;
  const none = accepted + rejected + stale + waiting === 0;
  return html`<section class="card" aria-labelledby="shares">
    <h2 id="shares">${says.shares.heading}</h2>
    <dl
      class="facts num"
      data-testid="shares"
      data-accepted=${accepted}
      data-rejected=${rejected}
      data-stale=${stale}
      data-waiting=${waiting}
    >
      ${(['accepted', 'rejected', 'stale', 'waiting'] as const).map(
        (name) =>
          html`<div>
            <dt>${says.shares[name]}</dt>
            <dd>${integer(shares[name])}</dd>
          </div>`,
      )}
    </dl>
    ${none ? html`<p class="cap">${source === 'pool' ? says.shares.none : says.shares.whole}</p>` : nothing}
    ${
      reasons.length
        ? html`<div class="scroll" role="group" tabindex="0" aria-labelledby="shares">
            <table data-testid="share-reasons">
              <caption class="cap">
                ${says.shares.reasons}
              </caption>
              <thead>
                <tr>
                  <th scope="col">${says.shares.reason}</th>
                  <th scope="col">${says.shares.count}</th>
                </tr>
              </thead>
              <tbody class="num">
                ${reasons.map(
                  ({ reason, count }) =>
                    html`<tr>
                      <td class="said">${reason}</td>
                      <td>${integer(count)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
        : nothing
    }
  </section>`;
}

export function perWorker({ workers, source }: WorkState): TemplateResult {
  const pool = source === 'pool';
  return html`<section class="card" aria-labelledby="per-worker">
    <h2 id="per-worker">${says.perWorker}</h2>
    ${
      workers.length
        ? html`<div class="scroll" role="group" tabindex="0" aria-labelledby="per-worker">
            <table>
              <thead>
                <tr>
                  <th scope="col">${says.worker}</th>
                  <th scope="col">${says.rate}</th>
                  <th scope="col">${says.took}</th>
                  <th scope="col">${pool ? says.shares.heading : says.blocks}</th>
                  <th scope="col">${says.state}</th>
                </tr>
              </thead>
              <tbody class="num">
                ${workers.map(
                  ({ state, graphics, rate, duty, accepted }, index) =>
                    html`<tr
                      data-testid="worker"
                      data-graphics=${graphics ?? nothing}
                      data-state=${state}
                      data-rate=${Math.round(rate)}
                      data-busy=${Math.round(duty.busy)}
                      data-time=${Math.round(duty.time)}
                      data-accepted=${accepted}
                    >
                      <td>${graphics === undefined ? index + 1 : says.graphicsName(graphics)}</td>
                      <td>${rateText(rate)}</td>
                      <td>${duty.time > 0 ? took(duty.busy / duty.time) : ''}</td>
                      <td>${integer(accepted)}</td>
                      <td>${en.work.workerStates[state]}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
        : html`<p class="cap">${says.noRate}</p>`
    }
  </section>`;
}

const took = (share: number): string => percent(Math.round(100 * Math.min(1, share)) / 100);

export function foundBlocks(
  state: WorkState,
  network: string | undefined,
  unit: string,
): TemplateResult {
  const { blocks } = state;
  return html`<section class="card" aria-labelledby="found">
    <h2 id="found">${says.blocks}</h2>
    ${
      blocks.length
        ? html`<div class="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">${says.height}</th>
                  <th scope="col">${says.time}</th>
                  <th scope="col">${says.state}</th>
                  <th scope="col">${says.pays}</th>
                  <th scope="col">${says.hash}</th>
                </tr>
              </thead>
              <tbody class="num">
                ${blocks.slice(0, MOST_SHOWN).map((block) => row(block, network, unit))}
              </tbody>
            </table>
          </div>`
        : html`<p class="cap" data-testid="no-blocks">${says.blocksNone}</p>`
    }
  </section>`;
}

function row(block: FoundBlock, network: string | undefined, unit: string): TemplateResult {
  const lost = block.state === 'abandoned' || block.state === 'refused';
  return html`<tr
    data-testid="found-block"
    data-hash=${block.hash}
    data-height=${block.height ?? ''}
    data-state=${block.state}
  >
    <td>${block.height === undefined ? says.heightUnknown : integer(block.height)}</td>
    <td>${moment(block.time)}</td>
    <td>
      <span class="tag ${lost ? 'risk' : 'wait'}"
        >${shape(SHAPES[block.state])}${en.work.blockStates[block.state]}</span
      >
      ${block.problem ? html`<span class="cap">${block.problem}</span>` : nothing}
    </td>
    <td>${block.value === undefined ? says.paysUnknown : amountText(block.value, unit)}</td>
    <td>
      <hash-text
        .value=${block.hash}
        .name=${says.hash}
        .head=${4}
        .tail=${8}
        .href=${network === undefined ? '' : chainLink(network, { block: block.hash })}
      ></hash-text>
    </td>
  </tr>`;
}
