/** Amounts: what a person types, shifts in and reads, in integer units and never in floats. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const { parseAmount, formatAmount, amountGroups, shiftIn, shiftOut, MOST_UNITS } =
  await load('/lib/amount.ts');

test('a decimal amount becomes units, to the last of 8 places', () => {
  const amounts = [
    ['0.00042', 42_000n],
    ['0.00000001', 1n],
    ['.5', 50_000_000n],
    ['3.', 300_000_000n],
    [' 1,25 ', 125_000_000n],
    // 0.1 + 0.2 in floats is 0.30000000000000004.
    ['0.30000000', 30_000_000n],
    ['20999999.99999999', MOST_UNITS - 1n],
    ['21000000', MOST_UNITS],
  ];
  for (const [text, units] of amounts) assert.deepEqual(parseAmount(text), { units }, text);
});

test('what is no amount is refused with its reason', () => {
  const problems = [
    ['', 'empty'],
    [' ', 'empty'],
    ...['.', '1e3', '-1', '1,000.5', '1.2.3', '0x10', '١'].map((text) => [text, 'notANumber']),
    ['0', 'zero'],
    ['0.00000000', 'zero'],
    ['0.000000001', 'tooManyPlaces'],
    ['21000000.00000001', 'tooLarge'],
    ['9'.repeat(1000), 'tooLarge'],
  ];
  for (const [text, problem] of problems) assert.deepEqual(parseAmount(text), { problem }, text);
});

test('units are written with all their decimals, and read back', () => {
  assert.equal(formatAmount(42_000n), '0.00042000');
  assert.equal(formatAmount(0n), '0.00000000');
  assert.equal(formatAmount(MOST_UNITS), '21000000.00000000');
  for (let units = 1n; units < MOST_UNITS; units = units * 7n + 3n) {
    assert.equal(parseAmount(formatAmount(units)).units, units);
    assert.equal(amountGroups(units).join(''), formatAmount(units));
  }
});

test('digits shift in from the right and out again, never past every coin', () => {
  let units = 0n;
  for (const digit of [4, 2, 0, 0, 0]) units = shiftIn(units, digit);
  assert.equal(units, 42_000n);
  assert.equal(shiftOut(units), 4_200n);
  assert.equal(shiftOut(0n), 0n);
  assert.equal(shiftIn(MOST_UNITS, 9), MOST_UNITS);
});
