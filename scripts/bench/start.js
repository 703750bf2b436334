// The client's worker, from `new Worker` to the first view of the chain that a page could draw.

import { figure } from './figures.js';
import { inNode, of, practiceHeaders } from './programs.js';

const AREA = 'Start of the client’s worker';
/** What is stored. */
const STORED = [100_000, 1_000_000];
/** Milliseconds to the view, with what is stored. */
const AIM = 300;

/** @param {number} rounds */
export async function measureStart(rounds) {
  const files = await Promise.all(STORED.map(practiceHeaders));
  const found = await inNode('start.js', rounds, ...files);
  const idle = { name: 'a worker that does nothing', samples: of(found, 'nothing') };
  const one = (/** @type {string} */ name, /** @type {string} */ key, /** @type {object} */ more) =>
    figure({
      ...{ area: AREA, name, unit: 'ms', good: 'least' },
      ...{ samples: of(found, key), peers: [idle] },
      ...more,
    });
  return [
    one('cold: nothing stored, first load', 'cold', {}),
    one('warm: 100,000 headers stored', '100000', { aim: AIM }),
    one('warm: 1,000,000 headers stored', '1000000', { aim: AIM }),
  ];
}
