// What a million headers take.

import { figure } from './figures.js';
import { inNode, inRust, of, practiceHeaders } from './programs.js';

const AREA = 'Memory with 1,000,000 headers';
const MIB = 2 ** 20;
const AIM = 64;

/** @param {number[]} bytes */
const mib = (bytes) => bytes.map((count) => count / MIB);

/** @param {number} rounds */
export async function measureMemory(rounds) {
  const file = await practiceHeaders(1_000_000);
  const native = await inRust('memory', file);
  const worker = await inNode('memory.js', Math.min(rounds, 3), file);
  const shape = /** @type {const} */ ({ area: AREA, unit: 'MiB', good: 'least' });
  const raw = { name: 'the headers themselves', samples: [(80 * 1_000_000) / MIB] };
  return [
    figure({
      ...shape,
      name: 'the client’s worker: its module’s memory, after a start from what is stored',
      samples: mib(of(worker, 'module')),
      peers: [raw],
      aim: AIM,
    }),
    figure({
      ...shape,
      name: 'the client’s worker as the browser counts it: module, scripts and all',
      samples: mib(of(worker, 'worker')),
      peers: [raw],
    }),
    figure({
      ...shape,
      name: 'native: held by the tree',
      samples: mib(of(native, 'held')),
      peers: [raw],
    }),
    figure({
      ...shape,
      name: 'native: the most while they were verified',
      samples: mib(of(native, 'peak')),
      peers: [raw],
    }),
  ];
}
