// Where each block of a tree stands: its column is its height, the newest at the right; the best chain
// is the first row, and each branch goes on in a row of its own below.

import type { BlockSeen } from '../lib/lesson-messages.ts';

export interface Place {
  block: BlockSeen;
  column: number;
  row: number;
  parent: Place | undefined;
}

/** The last `columns` heights. */
export function layBlocks(
  blocks: readonly BlockSeen[],
  columns: number,
): { places: Place[]; rows: number } {
  const highest = Math.max(0, ...blocks.map(({ height }) => height));
  const lowest = Math.min(...blocks.map(({ height }) => height));
  const first = Math.max(highest - columns + 1, lowest);
  const placed = new Map<number, Place>();
  /** The last column taken in each row below the best chain. */
  const taken: number[] = [];
  for (const block of [...blocks].sort((a, b) => a.height - b.height || a.id - b.id)) {
    if (block.height < first) continue;
    const column = block.height - first;
    const parent = block.parent === null ? undefined : placed.get(block.parent);
    placed.set(block.id, { block, column, row: rowOf(block, column, parent, taken), parent });
  }
  return { places: [...placed.values()], rows: 1 + taken.length };
}

function rowOf(
  block: BlockSeen,
  column: number,
  parent: Place | undefined,
  taken: number[],
): number {
  if (block.best) return 0;
  // A branch goes on in its parent's row while nobody else did.
  if (parent && parent.row > 0 && taken[parent.row - 1] === parent.column) {
    taken[parent.row - 1] = column;
    return parent.row;
  }
  let row = taken.findIndex((last) => last < column - 1);
  if (row < 0) row = taken.length;
  taken[row] = column;
  return row + 1;
}
