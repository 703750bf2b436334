// Chapter 10 of the lessons.

import { plural, word } from './words.ts';

/** People count from one. */
const node = (index: number): string => `node ${index + 1}`;

export const network = {
  name: 'Steps in the network; the longest chain',
  opening: (nodes: number): string => `Can ${word(nodes)} miners agree when news takes time?`,
  story:
    'Every node here is a whole one: it mines on the newest block that it has, and tells all others what it finds. While a block is on its way, another may be found beside it. Both are right, and one will be abandoned: nodes go on where most work is.',
  nodes: 'Miners, n',
  miners: (count: number): string => `${count} miners`,
  delay: 'Delay of a block, d',
  delayHint: (bitcoin: string): string =>
    `From the moment it is found until another node has it. Bitcoin’s mean was ${bitcoin} in 2013.`,
  spacing: 'Time between blocks, T',
  spacingHint: 'Of all miners together, on average. Bitcoin’s is 600 s.',
  moments: { cut: 'Cut at', heal: 'Healed at' },
  cut: 'Cut the network',
  cutAgain: 'Cut it again, here',
  heal: 'Heal it',
  uncut: 'Leave the cut out',
  blocks: (count: number): string => `${count} ${plural(count, 'block', 'blocks')}`,
  ask: (nodes: number, delay: string, spacing: string): string =>
    `${nodes} miners find a block every ${spacing}, and a block takes ${delay} to reach the others. Of 100 blocks, how many are abandoned?`,
  askLabel: 'Blocks that are abandoned, of 100',
  speeds: {
    watch: '30 seconds a second',
    quick: 'ten minutes a second',
    many: 'a hundred minutes a second',
    flat: 'as fast as it goes',
  },
  at: (seconds: string): string => `${seconds} s`,
  first: 'They search for the first block.',
  sentence: (found: string, stale: string, rate: string): string =>
    `Of ${found} blocks ${stale} ${stale === '1' ? 'was' : 'were'} abandoned: ${rate}.`,
  agree: 'All nodes agree now.',
  disagree: (tips: number): string => `The nodes are on ${word(tips)} different tips now.`,

  ring: 'The network: who is on which tip',
  node,
  nodeText: (index: number, tip: number): string => `${node(index)}, on block ${tip}`,
  onTip: (count: number, tip: number): string =>
    `${count} ${plural(count, 'node', 'nodes')} on block ${tip}`,
  ringNone: (count: number): string => `${count} nodes, each connected to each.`,
  ringText: (count: number, tips: number): string =>
    `${count} nodes on ${tips} ${plural(tips, 'tip', 'tips')}.`,
  ringCut: (one: string, other: string): string =>
    `The network is cut: nodes ${one} on one side, nodes ${other} on the other.`,
  tree: 'The tree of all blocks',
  treeOf: (index: number): string => `The tree as ${node(index)} has it`,
  treeText: (count: number, off: number): string =>
    `${count} newest blocks, time to the right; ${off} of them off the best chain.`,
  look: 'Whose tree',
  lookAll: 'all blocks',
  block: (id: number): string => `${id}`,
  blockText: (id: number, height: number, by: number, best: boolean): string =>
    `block ${id}, height ${height}, found by ${node(by)}, ${best ? 'on the best chain' : 'abandoned'}`,
  best: 'best chain',
  abandoned: 'abandoned',
  unknown: 'not known to this node',
  depths: 'How deep histories were rewritten',
  noDepths: 'No node has had to give up a block yet.',
  depthText: (blocks: number, times: number): string =>
    `${blocks} ${plural(blocks, 'block', 'blocks')}: ${times} ${plural(times, 'time', 'times')}`,

  figures: {
    stale: 'Blocks abandoned',
    interval: (low: string, high: string, blocks: string): string =>
      `95 of 100 such runs find the true share within ${low} to ${high} (${blocks} blocks)`,
    formula: '(1 − 1/n) · d / (T + d)',
    formulaNote: 'the others’ share of the search, for d of each T + d',
    formulaCut: 'it knows of no cut: a side’s blocks are all lost',
    published: 'Bitcoin, 2013',
    publishedNote: (delay: string, spacing: string): string =>
      `Decker and Wattenhofer, at a mean delay of ${delay} and T = ${spacing}`,
    delay: 'Delay of a block',
    delayNote: 'from its finding until another node builds on it, on average',
    agreed: 'Time in agreement',
    agreedNote: 'the share of the time in which all nodes had one tip',
    deepest: 'Deepest rewriting',
    deepestNote: 'blocks that a node gave up at once',
  },
  columns: {
    node: 'Node',
    tip: 'Tip',
    height: 'Height',
    found: 'Blocks found',
    reorganised: 'Rewritten',
    deepest: 'Deepest',
    block: 'Block',
    parent: 'Parent',
    by: 'Found by',
    at: 'At',
    branch: 'Branch',
    holders: 'Known to',
    depth: 'Depth',
    times: 'Times',
  },
  holders: (count: number, of: number): string => `${count} of ${of}`,
  time: (text: string): string => text,
  tableNodes: 'The nodes',
  tableBlocks: 'The newest blocks',
  missing: (blocks: string, of: string): string => `${blocks} of ${of} blocks`,
  conclusion: {
    sentence:
      'Agreement is a matter of odds: nobody decides, and each further block makes another history less likely.',
    why: [
      'While a block travels, the others search on its parent. They have 1 − 1/n of the power, for d of each T + d: that share of all blocks is found beside another one and abandoned. Long spacing against short delay buys agreement, which is why Bitcoin’s blocks come every ten minutes. A rewriting of two blocks needs two such accidents in a row, of three blocks three: the depths fall off as fast.',
      'A node takes the branch with the most work, not the one with the most blocks. Here every block costs the same work, so the longest branch is the heaviest; where difficulty differs, many cheap blocks lose to few dear ones. Cut the network and heal it: the side that did less work gives up all that it found.',
    ],
  },
  notes: [
    {
      title: 'What runs here',
      text: [
        'The nodes are the very machines of this site’s full node, and they speak Bitcoin’s protocol to each other: a header announces a block, its receiver asks for it, and it is sent. These are three ways, so a link’s latency is a third of the delay that you set; the measured delay stands beside it.',
        'Only who finds a block, and when, is drawn: by a Poisson process of the spacing that you set, as a search with much hash power would. The blocks are real and cheap, and every node checks them.',
        'A second here is 30 milliseconds of the machines’ own clocks. Only the ratio of delay to spacing matters, and their pings and timers cost less so.',
      ],
    },
    {
      title: 'How good the formula is',
      text: [
        'It is exact for very many small miners. For few of them it leaves out that the finder of a second block, too, goes on from its own; for delays near the spacing that is worth a few parts in a hundred. In a run of a thousand blocks chance is larger than that.',
        'What was published of 2013 was measured on some thousands of nodes that are not all connected to each other, with miners of very different size: expect the same order, not the same digits.',
      ],
    },
  ],
};
