// What stands under a lesson's picture: figures, conclusion, tables, and more to read.

import { html, nothing, type TemplateResult } from 'lit';
import type { LessonView } from '../lib/lesson-messages.ts';
import { en } from '../strings/en.ts';
import type { Chapter, Figure, Run, Table } from './chapter.ts';

const says = en.lesson;

export function figures(all: readonly Figure[]): TemplateResult {
  return html`<section class="figures" aria-label=${says.figures}>
    ${all.map(
      ({ id, label, value, text, kind, note }) =>
        html`<div class="figure ${kind}" data-testid="figure-${id}" data-value=${value ?? ''}>
          <p class="cap">${label}</p>
          <p class="big num">${text}</p>
          <p class="hint">${note ?? says.kinds[kind]}</p>
        </div>`,
    )}
  </section>`;
}

export function runsTable(chapter: Chapter, runs: readonly Run[]): Table[] {
  const [first] = runs;
  if (!first) return [];
  const shown = chapter.controls.filter(({ quiet }) => !quiet);
  return [
    {
      caption: says.runs,
      head: [
        ...[says.seed, ...shown.map(({ short, label }) => short ?? label)],
        ...[says.position, says.predictedColumn],
        ...chapter.figures(first.view, first.values).map(({ label }) => label),
      ],
      rows: runs.map(({ seed, values, predicted, view }) => [
        ...[String(seed), ...shown.map(({ key, read, least }) => read(values[key] ?? least))],
        ...[
          chapter.at(view.position),
          predicted === undefined ? '' : chapter.question.read(predicted),
        ],
        ...chapter.figures(view, values).map(({ text }) => text),
      ]),
    },
  ];
}

export const table = ({ caption, head, rows }: Table): TemplateResult =>
  html`<h3 class="above">${caption}</h3>
    <div class="scroll" tabindex="0" role="group" aria-label=${caption}>
      <table>
        <thead>
          <tr>
            ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;

export const notes = ({ notes }: Chapter): TemplateResult =>
  html`<section class="notes" aria-label=${says.notes}>
    ${notes.map(
      ({ title, text }) =>
        html`<details class="note">
          <summary>${title}</summary>
          ${text.map((paragraph) => html`<p>${paragraph}</p>`)}
        </details>`,
    )}
  </section>`;

/** Shown once enough was measured; until then, how much is missing. */
export function conclusion(
  chapter: Chapter,
  view: LessonView | undefined,
  concluded: boolean,
  predicted: number | undefined,
): TemplateResult {
  const { share, missing } = chapter.enough(view);
  if (!concluded)
    return html`<section class="card quiet-card conclusion" aria-labelledby="conclusion">
      <h2 id="conclusion">${says.conclusion}</h2>
      <p class="cap" data-testid="conclusion-later">${says.conclusionLater(missing)}</p>
      <progress max="1" .value=${Math.min(1, share)} aria-label=${missing}></progress>
    </section>`;
  const measured = view && chapter.measured(view);
  return html`<section
    class="card conclusion"
    aria-labelledby="conclusion"
    data-testid="conclusion"
  >
    <h2 id="conclusion">${says.conclusion}</h2>
    <p class="verdict">${chapter.conclusion.sentence}</p>
    ${
      predicted !== undefined && measured !== undefined
        ? html`<p
            class="compared num"
            data-testid="compared"
            data-predicted=${predicted}
            data-measured=${measured}
          >
            ${says.comparedLast(chapter.question.read(predicted), chapter.readMeasured(measured))}
          </p>`
        : nothing
    }
    ${chapter.conclusion.why.map((text) => html`<p>${text}</p>`)}
  </section>`;
}
