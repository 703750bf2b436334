// BENCHMARKS.md for people and bench.json for machines.

import { writeFileSync } from 'node:fs';
import { root } from '../lib/steps.js';
import { shown } from './figures.js';

/**
 * @param {{ facts: Record<string, string | undefined>, commit: string, took: string,
 *   figures: import('./figures.js').Figure[] }} run
 */
export async function write({ facts, commit, took, figures }) {
  const date = new Date().toISOString().slice(0, 10);
  const json = { date, commit, machine: facts, figures };
  writeFileSync(`${root}/bench.json`, `${JSON.stringify(json, null, 2)}\n`);
  const areas = [...new Set(figures.map(({ area }) => area))];
  const parts = [
    '# Benchmarks',
    `Written by \`npm run bench\` (${took}); not edited by hand. Medians of the rounds named, with the\n` +
      'least and the most in brackets; the peers were measured in the same run, in turn with ours. Only\n' +
      'the ratios travel to another machine. A figure is no gate: an aim that is missed is told here, and\n' +
      'in [docs/benchmarks.md](docs/benchmarks.md) what was tried.',
    [
      '| measured on | |',
      '|---|---|',
      `| commit | \`${commit}\`, ${date} |`,
      ...Object.entries(facts).map(([what, fact]) => `| ${what} | ${fact} |`),
    ].join('\n'),
    ...areas.flatMap((area) => [`## ${area}`, table(figures.filter((f) => f.area === area))]),
  ];
  writeFileSync(`${root}/BENCHMARKS.md`, `${parts.join('\n\n')}\n`);
}

/** @param {import('./figures.js').Figure[]} figures */
function table(figures) {
  const aimed = figures.some(({ aim }) => aim !== null);
  const head = ['figure', 'median', 'beside it', 'ratio', ...(aimed ? ['aim'] : [])];
  const rows = figures.map((found) => [
    found.name,
    range(found),
    found.peers.map((peer) => `${peer.name}: ${shown(peer.median)}`).join('<br>'),
    found.ratio === null ? '' : shown(found.ratio),
    ...(aimed ? [aim(found)] : []),
  ]);
  const row = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [row(head), `|${'---|'.repeat(head.length)}`, ...rows.map(row)].join('\n');
}

/** @param {import('./figures.js').Figure} found */
function range({ median, min, max, unit, rounds }) {
  const spread = rounds > 1 ? ` (${shown(min)} to ${shown(max)}, ${rounds} rounds)` : '';
  return `${shown(median)} ${unit}${spread}`;
}

/** @param {import('./figures.js').Figure} found */
function aim({ aim, good, unit, reached }) {
  if (aim === null) return '';
  const bound = good === 'least' ? 'at most' : 'at least';
  return `${bound} ${shown(aim)} ${unit}: ${reached ? 'reached' : '**not reached**'}`;
}
