/**
 * `headers-peers.js ROUNDS FILE`: headers checked plainly (link and proof of work) by what others wrote
 * in JavaScript.
 */
import { readFileSync } from 'node:fs';
import bcoin from '../nodes/bcoin.cjs';
import { rates } from './tell.js';

const SIZE = 80;
const [rounds, path] = process.argv.slice(2);
// bcoin is a hundred times slower: a part is enough for a rate.
const bytes = readFileSync(path).subarray(0, 10_000 * SIZE);
const count = bytes.length / SIZE;

function withBcoin() {
  let parent = null;
  for (let at = 0; at < bytes.length; at += SIZE) {
    const header = bcoin.Headers.fromHead(bytes.subarray(at, at + SIZE));
    if (parent) {
      if (header.prevBlock !== parent) throw new Error('bcoin finds no link');
      if (!header.verifyPOW()) throw new Error('bcoin finds no work');
    }
    parent = header.hash('hex');
  }
}

await rates(Number(rounds), count, { bcoin: withBcoin });
