// What is measured, in the order of BENCHMARKS.md, and what each part needs to be built.

import { measureArrival } from './arrival.js';
import { measureBlocks } from './blocks.js';
import { measureHeaders } from './headers.js';
import { measureMemory } from './memory.js';
import { measureSearch } from './search.js';
import { measureSizes } from './sizes.js';
import { measureStart } from './start.js';

/**
 * @typedef {object} Area
 * @property {string} name
 * @property {('native' | 'module' | 'binary')[]} needs beside the site
 * @property {(rounds: number) => Promise<import('./figures.js').Figure[]>} measure
 */

/** @type {Area[]} */
export const areas = [
  { name: 'sizes', needs: [], measure: measureSizes },
  { name: 'headers', needs: ['native', 'module'], measure: measureHeaders },
  { name: 'blocks', needs: ['native', 'binary'], measure: measureBlocks },
  { name: 'start', needs: ['native'], measure: measureStart },
  { name: 'memory', needs: ['native'], measure: measureMemory },
  { name: 'arrival', needs: ['binary'], measure: measureArrival },
  { name: 'search', needs: ['native', 'module'], measure: measureSearch },
];
