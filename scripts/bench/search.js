// The search for a nonce: a baseline.

import { figure } from './figures.js';
import { inRust, of } from './programs.js';

/** @param {number} rounds */
export async function measureSearch(rounds) {
  const found = await inRust('search', rounds);
  const samples = of(found, 'farthing').map((rate) => rate / 1e6);
  const name = 'double SHA-256 of a header, native, one thread';
  return [figure({ area: 'Search', name, unit: 'MH/s', good: 'most', samples })];
}
