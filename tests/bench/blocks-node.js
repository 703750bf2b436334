/**
 * `blocks-node.js ROUNDS`: the binary takes blocks over its API, one after the other; each is answered
 * when it is verified, connected and durable. A fresh node and folder each round.
 */
import { execFileSync } from 'node:child_process';
import { OwnNode } from '../browser/support/own-node.js';
import { root } from '../browser/support/farthing.js';
import { rate, tell } from './tell.js';

const rounds = Number(process.argv[2]);
const program = `${root}target/release/farthing-bench`;
const PAYMENTS_IN_BLOCK = 550;
const FULL = 8;
const EMPTY = 300;

/** Blocks in hex: those to be spent from, and those that are measured. */
function make(kind, count) {
  const args = ['make-blocks', kind, String(count)];
  const text = execFileSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const [before, measured] = text
    .split(/(?:^|\n)\n/)
    .map((part) => part.split('\n').filter(Boolean));
  return { before, measured };
}

async function post(node, blocks) {
  for (const body of blocks) {
    const response = await fetch(`${node.url}api/block`, { method: 'POST', body });
    const { result, message } = await response.json();
    if (result !== null) throw new Error(`the node refused a block: ${result}: ${message}`);
  }
}

const kinds = [
  { name: 'payments', units: FULL * PAYMENTS_IN_BLOCK, blocks: make('full', FULL) },
  { name: 'empty blocks', units: EMPTY, blocks: make('empty', EMPTY) },
];
const found = Object.fromEntries(kinds.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const { name, units, blocks } of kinds) {
    const node = await new OwnNode({ network: 'practice' }).start();
    try {
      await post(node, blocks.before);
      found[name].push(await rate(units, () => post(node, blocks.measured)));
    } finally {
      await node.stop();
    }
  }
}
for (const [name, samples] of Object.entries(found)) tell(name, samples);
