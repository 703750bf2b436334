// Headers verified in bulk: natively, in one worker, in two at once.

import { figure } from './figures.js';
import { inNode, inRust, of, practiceHeaders, realHeaders } from './programs.js';

const AREA = 'Headers verified in bulk';
const UNIT = 'headers/s';
/** A made chain that one round takes about a tenth of a second for. */
const MADE = 100_000;
/** Headers a second that one worker hashes, links and compares with their targets. */
const AIM = 2_200_000;

/** @param {number} rounds */
export async function measureHeaders(rounds) {
  const real = realHeaders();
  const chains = [
    ...(real ? [{ chain: 'Bitcoin’s first 10,237', network: 'bitcoin', path: real }] : []),
    { chain: '100,000 made ones', network: 'practice', path: await practiceHeaders(MADE) },
  ];
  const found = [];
  for (const { chain, network, path } of chains) {
    const native = await inRust('headers', rounds, network, path);
    const scripted = await inNode('headers-peers.js', rounds, path);
    found.push(
      figure({
        area: AREA,
        name: `${chain}: native, one thread`,
        unit: UNIT,
        good: 'most',
        samples: of(native, 'farthing'),
        peers: [
          { name: 'rust-bitcoin, plain', samples: of(native, 'rust-bitcoin, plain') },
          { name: 'bcoin in Node, plain', samples: of(scripted, 'bcoin') },
        ],
      }),
    );
    const browser = await inNode('headers-worker.js', rounds, network, path);
    const scriptOnly = { name: '@noble/hashes, hashing alone', samples: of(browser, 'noble') };
    for (const workers of ['one worker', 'two workers']) {
      found.push(
        figure({
          area: AREA,
          name: `${chain}: in the browser, ${workers}`,
          unit: UNIT,
          good: 'most',
          samples: of(browser, `farthing, ${workers}`),
          peers: [
            { name: 'rust-bitcoin in wasm, plain', samples: of(browser, `plain, ${workers}`) },
            ...(workers === 'one worker' ? [scriptOnly] : []),
          ],
        }),
      );
    }
    const lanes = `${chain}: hash, link and target alone, in lanes`;
    const shape = /** @type {const} */ ({ area: AREA, unit: UNIT, good: 'most' });
    const beside = (/** @type {string} */ name, /** @type {number[]} */ samples) => [
      { name, samples },
    ];
    found.push(
      figure({
        ...shape,
        name: `${lanes}: native, one thread`,
        samples: of(native, 'in lanes, plain'),
        peers: beside('rust-bitcoin, plain', of(native, 'rust-bitcoin, plain')),
      }),
      figure({
        ...shape,
        name: `${lanes}: in the browser, one worker`,
        samples: of(browser, 'lanes, one worker'),
        peers: beside('rust-bitcoin in wasm, plain', of(browser, 'plain, one worker')),
        aim: AIM,
      }),
      figure({
        ...shape,
        name: `${lanes}: in the browser, two workers`,
        samples: of(browser, 'lanes, two workers'),
        peers: beside('one worker', of(browser, 'lanes, one worker')),
      }),
    );
  }
  return found;
}
