// The measured figures as a file for a spreadsheet (RFC 4180): one row a run, numbers as they are.

import type { Chapter, Run } from './chapter.ts';

/** A cell that is neither a number nor empty is quoted; nothing of a page begins a formula. */
const cell = (value: string | number | undefined): string =>
  value === undefined
    ? ''
    : typeof value === 'number'
      ? String(value)
      : `"${value.replaceAll('"', '""')}"`;

export function csvOf(chapter: Chapter, runs: readonly Run[]): string {
  const rows = runs.map(({ seed, values, predicted, view }) => {
    const figures = chapter.figures(view, values);
    return {
      head: [
        ...['chapter', 'seed', ...chapter.controls.map(({ key }) => key)],
        ...['position', 'predicted', ...figures.map(({ id }) => id), 'trace'],
      ],
      cells: [
        ...[chapter.number, seed, ...chapter.controls.map(({ key }) => values[key])],
        ...[view.position, predicted, ...figures.map(({ value }) => value), view.trace],
      ],
    };
  });
  const [first] = rows;
  if (!first) return '';
  return [first.head, ...rows.map(({ cells }) => cells)]
    .map((cells) => `${cells.map(cell).join(',')}\r\n`)
    .join('');
}
