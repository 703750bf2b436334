// A figure: what was measured, what stands beside it, and how much of that is noise.

/**
 * @typedef {object} Measured
 * @property {string} name whose
 * @property {number[]} samples one for each round
 *
 * @typedef {object} Wanted
 * @property {string} area the table that it belongs to
 * @property {string} name
 * @property {string} unit
 * @property {'most' | 'least'} good whether a larger or a smaller number is the better one
 * @property {number[]} samples
 * @property {Measured[]} [peers] the first is the one that `ratio` is of
 * @property {number} [aim] the bound to be reached, in the same unit
 *
 * @typedef {object} Figure as bench.json has it
 * @property {string} area
 * @property {string} name
 * @property {string} unit
 * @property {'most' | 'least'} good
 * @property {number} rounds
 * @property {number} median
 * @property {number} min
 * @property {number} max
 * @property {{ name: string, median: number }[]} peers
 * @property {number | null} ratio the median by the first peer's
 * @property {number | null} aim
 * @property {boolean | null} reached
 */

/** @param {number[]} samples */
export function median(samples) {
  if (samples.length === 0) throw new Error('expected samples, found none');
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = /** @type {number} */ (sorted[middle]);
  if (sorted.length % 2 === 1) return upper;
  return (upper + /** @type {number} */ (sorted[middle - 1])) / 2;
}

/**
 * @param {Wanted} wanted
 * @returns {Figure}
 */
export function figure({ area, name, unit, good, samples, peers = [], aim }) {
  const own = median(samples);
  const beside = peers.map((peer) => ({ name: peer.name, median: median(peer.samples) }));
  const first = beside[0]?.median;
  return {
    area,
    name,
    unit,
    good,
    rounds: samples.length,
    median: own,
    min: Math.min(...samples),
    max: Math.max(...samples),
    peers: beside,
    ratio: first ? own / first : null,
    aim: aim ?? null,
    reached: aim === undefined ? null : good === 'least' ? own <= aim : own >= aim,
  };
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/**
 * A number as people read it: three digits that mean something, or all of those before the point.
 * @param {number} value
 */
export function shown(value) {
  if (Math.abs(value) >= 100) return whole.format(value);
  return value.toPrecision(3).replace(/\.?0+$/, '');
}

/** @param {Figure} found */
export function line({ name, unit, median: own, min, max, peers, ratio, aim, reached }) {
  const parts = [`${name}: ${shown(own)} ${unit} (${shown(min)} to ${shown(max)})`];
  for (const peer of peers) parts.push(`${peer.name} ${shown(peer.median)}`);
  if (ratio !== null) parts.push(`ratio ${shown(ratio)}`);
  if (aim !== null) parts.push(`aim ${shown(aim)}: ${reached ? 'reached' : 'not reached'}`);
  return parts.join('; ');
}
