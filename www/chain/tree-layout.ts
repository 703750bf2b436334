// Where each header of the drawing stands: its column is its height, its row is its branch. The best
// branch is row 0; branches that overlap in height never share a row.

import type { HeaderView } from '../lib/messages.ts';

export interface Square {
  header: HeaderView;
  column: number;
  row: number;
  /** The square of its parent, if the drawing holds it. */
  parent: { column: number; row: number } | undefined;
}

export interface Layout {
  squares: Square[];
  columns: number;
  rows: number;
}

export function layOut(headers: HeaderView[]): Layout {
  const sorted = [...headers].sort(
    (a, b) => a.height - b.height || Number(b.best) - Number(a.best),
  );
  const first = sorted[0]?.height ?? 0;
  const columns = sorted.length ? (sorted.at(-1)?.height ?? first) - first + 1 : 0;
  const placed = new Map<string, Square>();
  /** The last column taken in each row below the best branch. */
  const taken: number[] = [];
  for (const header of sorted) {
    const column = header.height - first;
    const parent = placed.get(header.previous);
    placed.set(header.hash, {
      header,
      column,
      row: header.best ? 0 : branchRow(taken, parent, column),
      parent: parent && { column: parent.column, row: parent.row },
    });
  }
  return { squares: [...placed.values()], columns, rows: 1 + taken.length };
}

/** A branch goes on in its parent's row while that is its own; else it takes the first free row. */
function branchRow(taken: number[], parent: Square | undefined, column: number): number {
  if (parent && parent.row > 0 && taken[parent.row - 1] === parent.column) {
    taken[parent.row - 1] = column;
    return parent.row;
  }
  // A free row has nothing in this column, and nothing right before it that would look like a parent.
  let row = taken.findIndex((last) => last < column - 1);
  if (row < 0) row = taken.length;
  taken[row] = column;
  return row + 1;
}
