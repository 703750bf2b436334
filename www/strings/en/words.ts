// How counts become words.

export const plural = (count: number, one: string, many: string): string =>
  count === 1 ? one : many;

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Small counts as words: `two`. */
export const word = (count: number): string => words[count] ?? String(count);

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const operators = (count: number): string =>
  `${word(count)} ${plural(count, 'operator', 'operators')}`;
