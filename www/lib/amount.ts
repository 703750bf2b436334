// Amounts are integer units (bigint) everywhere; decimals exist only in what a person types and
// reads. Never a float: 0.1 + 0.2 has no place at a till.

import { isOwnNetwork } from './networks.ts';

/** Decimal places of the unit: 1 BTC = 100,000,000 units. */
export const PLACES = 8;
/** No amount is larger than every coin there will ever be. */
export const MOST_UNITS = 21_000_000n * 100_000_000n;

/** What an amount of 1 is called before the core has said so. */
export const unitBefore = (network: string): string => (isOwnNetwork(network) ? 'FTH' : 'BTC');

/** What is wrong with a typed amount. */
export type AmountProblem = 'empty' | 'notANumber' | 'tooManyPlaces' | 'zero' | 'tooLarge';

export type ParsedAmount = { units: bigint } | { problem: AmountProblem };

/** Reads a decimal amount; a point or a single comma separates the decimals. */
export function parseAmount(text: string): ParsedAmount {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return { problem: 'empty' };
  const parts = /^(\d*)\.?(\d*)$/.exec(typed);
  const whole = parts?.[1] ?? '';
  const decimals = parts?.[2] ?? '';
  if (!parts || (whole === '' && decimals === '')) return { problem: 'notANumber' };
  if (decimals.length > PLACES) return { problem: 'tooManyPlaces' };
  if (whole.length > 20) return { problem: 'tooLarge' };
  const units = BigInt(whole + decimals.padEnd(PLACES, '0'));
  if (units === 0n) return { problem: 'zero' };
  if (units > MOST_UNITS) return { problem: 'tooLarge' };
  return { units };
}

/** Writes units with all decimals: `0.00042000`. */
export function formatAmount(units: bigint): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, '0');
  return `${sign}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}

/** The same in groups that the eye can take in: `0.00`, `042`, `000`. */
export function amountGroups(units: bigint): string[] {
  const text = formatAmount(units);
  const point = text.indexOf('.');
  return [text.slice(0, point + 3), text.slice(point + 3, point + 6), text.slice(point + 6)];
}

/** One more digit shifts in from the right; past the largest amount it is ignored. */
export function shiftIn(units: bigint, digit: number): bigint {
  const next = units * 10n + BigInt(digit);
  return next > MOST_UNITS ? units : next;
}

/** The last digit shifts out. */
export function shiftOut(units: bigint): bigint {
  return units / 10n;
}
