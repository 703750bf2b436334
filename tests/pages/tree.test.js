/** The drawing of the chain: which square stands where. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const { layOut } = await load('/chain/tree-layout.ts');

const header = (height, hash, previous, best = true) => ({ height, hash, previous, best });
const places = ({ squares }) =>
  Object.fromEntries(squares.map(({ header, column, row }) => [header.hash, [column, row]]));

test('the best branch is one row, time to the right', () => {
  const layout = layOut([header(7, 'c', 'b'), header(5, 'a', 'z'), header(6, 'b', 'a')]);
  assert.deepEqual(places(layout), { a: [0, 0], b: [1, 0], c: [2, 0] });
  assert.equal(layout.columns, 3);
  assert.equal(layout.rows, 1);
  assert.equal(layout.squares[0].parent, undefined);
  assert.deepEqual(layout.squares[2].parent, { column: 1, row: 0 });
});

test('an abandoned branch has a row of its own and hangs from its fork', () => {
  const layout = layOut([
    ...[header(5, 'a', 'z'), header(6, 'b', 'a'), header(7, 'c', 'b'), header(8, 'd', 'c')],
    ...[header(6, 'x', 'a', false), header(7, 'y', 'x', false)],
  ]);
  assert.deepEqual(places(layout).x, [1, 1]);
  assert.deepEqual(places(layout).y, [2, 1]);
  const y = layout.squares.find((square) => square.header.hash === 'y');
  assert.deepEqual(y.parent, { column: 1, row: 1 });
});

test('branches that overlap never share a row, and two tips of one branch part', () => {
  const layout = layOut([
    ...[header(5, 'a', 'z'), header(6, 'b', 'a'), header(7, 'c', 'b')],
    ...[header(6, 'x', 'a', false), header(6, 'y', 'a', false)],
    ...[header(7, 'x1', 'x', false), header(7, 'x2', 'x', false)],
  ]);
  const taken = layout.squares.map(({ column, row }) => `${column}/${row}`);
  assert.equal(new Set(taken).size, taken.length, 'no two squares in one place');
  assert.equal(layout.rows, 4);
});

test('nothing is drawn of nothing', () => {
  assert.deepEqual(layOut([]), { squares: [], columns: 0, rows: 1 });
});
