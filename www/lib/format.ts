// Numbers, times and hashes as people read them. Words are in strings/en.ts.

const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** Seconds since 1970, now. */
export const unixNow = (): number => Math.floor(Date.now() / 1000);

/** `871,204`. */
export const integer = (value: number | bigint): string => integers.format(value);

/** `10:43:12`, with the day when it is not today. */
export function moment(unix: number): string {
  const date = new Date(unix * 1000);
  const time = clock.format(date);
  return date.toDateString() === new Date().toDateString() ? time : `${time}, ${day.format(date)}`;
}

/** `12 s`, `4 min`, `2 h 10 min`, `3 d`: the two largest parts at most. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) {
    const minutes = Math.floor((s % 3600) / 60);
    return minutes ? `${Math.floor(s / 3600)} h ${minutes} min` : `${Math.floor(s / 3600)} h`;
  }
  if (s < 86_400 * 730) return `${integer(Math.floor(s / 86_400))} d`;
  return `${integer(Math.floor(s / (86_400 * 365)))} years`;
}

/** A countdown: `11:42`, `1:03:07`. */
export function countdown(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A count given as its logarithm to base 2: `1.02 × 10²³`. */
export function powerOfTwo(log2: number): string {
  if (!Number.isFinite(log2) || log2 < 0) return '0';
  if (log2 < 20) return integer(Math.round(2 ** log2));
  const log10 = log2 * Math.LOG10E * Math.LN2;
  const exponent = Math.floor(log10);
  const power = [...String(exponent)].map((d) => superscripts[Number(d)]).join('');
  return `${(10 ** (log10 - exponent)).toFixed(2)} × 10${power}`;
}

/** A share from 0 to 1: `20%`, `0.06%`, `under 0.000001%`. */
export function percent(share: number): string {
  const p = share * 100;
  if (p === 0 || p === 100) return `${p}%`;
  if (p < 0.000_001) return 'under 0.000001%';
  return `${Number(p.toPrecision(p >= 1 ? 3 : 2)).toLocaleString('en', { maximumFractionDigits: 8 })}%`;
}

const shortCounts = new Intl.NumberFormat('en', { notation: 'compact' });

/** A count where there is no room for a word: `2.5M`. */
export const compact = (count: number): string => shortCounts.format(count);

const magnitudes = ['', 'thousand', 'million', 'billion', 'trillion'] as const;

/** A count that is too large to be read digit by digit: `4.71` and `million`. */
export function magnitude(count: number): { value: string; word: string } {
  let value = count;
  let step = 0;
  // What would be shown as 1,000 thousand is a million.
  while (value >= 999.5 && step < magnitudes.length - 1) {
    value /= 1000;
    step += 1;
  }
  const places = step === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return { value: value.toFixed(places), word: magnitudes[step] ?? '' };
}

/** `812 B`, `3.4 kB`, `1.7 GB`. */
export function bytes(count: bigint | number): string {
  let value = Number(count);
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** Shortened in the middle: `bc1qcr8te4…8z306fyu`. */
export function shorten(text: string, head = 10, tail = 8): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

/** The end of a block's hash: its start is zeros. */
export const blockTail = (hash: string): string => hash.slice(-6);
