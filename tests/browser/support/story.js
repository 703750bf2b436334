/** A suite of stories, told once over each way to a node, with one browser and one funded node. */
import { after, before, describe, test } from 'node:test';
import { can, kind, limits, newAddress, startFunded } from '../../nodes/index.js';
import { launch } from './browser.js';
import { BRIDGES, Counter } from './till.js';

for (const limit of limits) console.log(`with ${kind}: ${limit}`);

const reasons = {
  command: limits.find((limit) => limit.startsWith('no payment')),
  restart: limits.find((limit) => limit.startsWith('the node is not killed')),
  two: limits.find((limit) => limit.startsWith('no two nodes')),
};

/** Why a story cannot be told with the chosen node: the first thing that it lacks. */
function lacking(needs) {
  const missing = needs.find((need) => !can[need]);
  return missing ? reasons[missing] : false;
}

/**
 * Tells stories. `tell` gets `story(name, { needs }, body)`; a body gets a fresh address, the node,
 * the wallet of a customer and `open(nodes)`, which opens a counter of its own.
 */
export function stories(title, tell, { bridges = BRIDGES } = {}) {
  describe(title, () => {
    const shared = {};
    before(async () => {
      [shared.browser, { node: shared.node, wallet: shared.wallet }] = await Promise.all([
        launch(),
        startFunded(),
      ]);
    });
    after(async () => {
      await shared.browser?.close();
      await shared.node?.stop();
    });

    for (const bridge of bridges) {
      describe(`through ${bridge}`, () => {
        const story = (name, { needs = ['command'] }, body) =>
          test(name, { skip: lacking(needs), timeout: 120_000 }, async () => {
            const open = [];
            const counter = async (nodes = [shared.node]) => {
              const opened = await Counter.open(shared.browser, bridge, nodes);
              open.push(opened);
              return opened;
            };
            let failed = true;
            try {
              await body({ ...shared, bridge, address: newAddress(), counter });
              failed = false;
            } finally {
              for (const opened of open) {
                // What the story itself says is worth more than what is left behind.
                await opened.close().catch((error) => {
                  if (!failed) throw error;
                });
              }
            }
          });
        tell(story, bridge);
      });
    }
  });
}
