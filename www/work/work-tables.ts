// What the search does, in numbers: the rate over time with its table, the workers, the next block, and
// the blocks that were found.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText } from '../components/amount.ts';
import '../components/hash-text.ts';
import { countText, rateText } from '../components/hash-rate.ts';
import { shape, type Shape } from '../components/icons.ts';
import '../components/line-plot.ts';
import { compact, integer, moment, span } from '../lib/format.ts';
import { expectedHashes } from '../lib/rate.ts';
import { chainLink } from '../lib/route.ts';
import type { FoundBlock, WorkState } from '../lib/work.ts';
import { en } from '../strings/en.ts';

const says = en.workPage;

/** Rows of the table beside the plot. */
const ROWS = 12;
/** Blocks on show. */
const MOST_SHOWN = 50;

const SHAPES: Record<FoundBlock['state'], Shape> = {
  sending: 'clock',
  best: 'check',
  abandoned: 'triangle',
  refused: 'triangle',
};

export function overTime({ course, rate }: WorkState): TemplateResult | typeof nothing {
  const [first] = course;
  if (!first || course.length < 2) return nothing;
  const most = Math.max(...course.map((sample) => sample.rate));
  const step = Math.max(1, Math.ceil(course.length / ROWS));
  // From the newest back, so that the last row is now.
  const rows = course.filter((_, index) => (course.length - 1 - index) % step === 0);
  return html`<line-plot
      .points=${course.map((sample) => ({ at: sample.at - first.at, value: sample.rate }))}
      .label=${says.overTimeText(rateText(rate), rateText(most))}
      .axis=${compact}
    ></line-plot>
    <details>
      <summary>${says.table}</summary>
      <div class="scroll">
        <table data-testid="rate-table">
          <thead>
            <tr>
              <th scope="col">${says.time}</th>
              <th scope="col">${says.rate}</th>
            </tr>
          </thead>
          <tbody class="num">
            ${rows.map(
              (sample) =>
                html`<tr>
                  <td>${moment(Math.floor(sample.at))}</td>
                  <td>${rateText(sample.rate)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
}

export function nextBlock(state: WorkState): TemplateResult {
  const { work, expected } = state;
  return html`<section class="card" aria-labelledby="next">
    <h2 id="next">${says.next}</h2>
    <dl class="facts num">
      <div>
        <dt>${says.next}</dt>
        <dd data-testid="expected" data-seconds=${expected ?? ''}>
          ${expected === undefined ? says.nextUnknown : says.nextValue(span(Math.max(1, expected)))}
        </dd>
      </div>
      ${
        work
          ? html`<div>
                <dt>${says.hashesFor}</dt>
                <dd>${says.hashesForValue(countText(expectedHashes(work.target)))}</dd>
              </div>
              <div>
                <dt>${says.holds}</dt>
                <dd>${says.holdsValue(work.transactions)}</dd>
              </div>
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
    </dl>
  </section>`;
}

export function perWorker({ workers }: WorkState): TemplateResult {
  return html`<section class="card" aria-labelledby="per-worker">
    <h2 id="per-worker">${says.perWorker}</h2>
    ${
      workers.length
        ? html`<div class="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">${says.worker}</th>
                  <th scope="col">${says.rate}</th>
                  <th scope="col">${says.state}</th>
                </tr>
              </thead>
              <tbody class="num">
                ${workers.map(
                  ({ state, rate }, index) =>
                    html`<tr data-testid="worker" data-state=${state} data-rate=${Math.round(rate)}>
                      <td>${index + 1}</td>
                      <td>${rateText(rate)}</td>
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

export function foundBlocks(state: WorkState, network: string, unit: string): TemplateResult {
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

function row(block: FoundBlock, network: string, unit: string): TemplateResult {
  const lost = block.state === 'abandoned' || block.state === 'refused';
  return html`<tr
    data-testid="found-block"
    data-hash=${block.hash}
    data-height=${block.height}
    data-state=${block.state}
  >
    <td>${integer(block.height)}</td>
    <td>${moment(block.time)}</td>
    <td>
      <span class="tag ${lost ? 'risk' : 'wait'}"
        >${shape(SHAPES[block.state])}${en.work.blockStates[block.state]}</span
      >
      ${block.problem ? html`<span class="cap">${block.problem}</span>` : nothing}
    </td>
    <td>${amountText(block.value, unit)}</td>
    <td>
      <hash-text
        .value=${block.hash}
        .name=${says.hash}
        .head=${4}
        .tail=${8}
        .href=${chainLink(network, { block: block.hash })}
      ></hash-text>
    </td>
  </tr>`;
}
