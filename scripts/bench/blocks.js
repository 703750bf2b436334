// Blocks connected to the set of coins, signatures and all.

import { figure } from './figures.js';
import { inNode, inRust, of } from './programs.js';

const AREA = 'Blocks connected';

/** @param {number} rounds */
export async function measureBlocks(rounds) {
  const core = await inRust('blocks', rounds);
  const bcoin = await inNode('blocks-bcoin.js', rounds);
  const node = await inNode('blocks-node.js', rounds);
  const signatures = 'ed25519-dalek, signatures alone';
  return [
    figure({
      area: AREA,
      name: 'payments of one signature, over the memory store',
      unit: 'transactions/s',
      good: 'most',
      samples: of(core, 'payments'),
      peers: [
        { name: signatures, samples: of(core, signatures) },
        { name: 'bcoin in Node (ECDSA in JavaScript)', samples: of(bcoin, 'payments') },
      ],
    }),
    figure({
      area: AREA,
      name: 'the same, posted to the node: over HTTP, durable in redb, one block after the other',
      unit: 'transactions/s',
      good: 'most',
      samples: of(node, 'payments'),
      peers: [{ name: signatures, samples: of(core, signatures) }],
    }),
    figure({
      area: AREA,
      name: 'empty blocks, over the memory store',
      unit: 'blocks/s',
      good: 'most',
      samples: of(core, 'empty blocks'),
      peers: [{ name: 'bcoin in Node', samples: of(bcoin, 'empty blocks') }],
    }),
    figure({
      area: AREA,
      name: 'empty blocks, posted to the node',
      unit: 'blocks/s',
      good: 'most',
      samples: of(node, 'empty blocks'),
    }),
  ];
}
