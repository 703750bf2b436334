// How long a block or a payment takes from a node's door to the words on the till.

import { figure } from './figures.js';
import { inNode, of } from './programs.js';

const AREA = 'Arrival at the till';

/** @param {number} rounds */
export async function measureArrival(rounds) {
  const own = await inNode('arrival.js', 'farthing', 3 * rounds);
  const bcoin = await inNode('arrival.js', 'bcoin', 3 * rounds);
  const shape = /** @type {const} */ ({ area: AREA, unit: 'ms', good: 'least' });
  return [
    figure({
      ...shape,
      name: 'a block: handed to the node, to the count of confirmations on the page',
      samples: of(own, 'block'),
      peers: [{ name: 'bcoin behind websockify, the same page', samples: of(bcoin, 'block') }],
    }),
    figure({
      ...shape,
      name: 'a payment: handed to the node, to its line on the page',
      samples: of(own, 'payment'),
      peers: [{ name: 'bcoin behind websockify, the same page', samples: of(bcoin, 'payment') }],
    }),
  ];
}
