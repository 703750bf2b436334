/**
 * Two nodes to try the till with: bcoin on regtest in memory, a block every 20 seconds, and a prompt that
 * pays, pays twice and reorganises. The nodes do not talk to each other: what one hears, the other
 * hears from here alone, so that they can disagree.
 */
import readline from 'node:readline';
import { can, newAddress, startFunded, startNode } from './index.js';

const SPACING_SECONDS = 20;
const MOST_UNITS = 2_100_000_000_000_000n;
const HELP = `  pay ADDRESS AMOUNT    pays through the first node, in BTC: pay bcrt1… 0.0042
  again                 spends that payment's coin once more, through the second node: a conflict
  mine [N]              mines now, what the first node holds
  reorg [N]             abandons the last N blocks (2) for a longer branch without payments
  help                  this; Ctrl-C ends it`;

/** Integer units from a decimal amount of BTC. */
function units(text) {
  const match = /^(\d{1,8})(?:\.(\d{1,8}))?$/.exec(text ?? '');
  const found = match && BigInt(match[1] + (match[2] ?? '').padEnd(8, '0'));
  if (found && found <= MOST_UNITS) return found;
  throw new Error(`expected an amount such as 0.0042, at most 8 places; found ${text ?? 'none'}`);
}

/** All 8 places, so that nothing is rounded. */
function decimal(amount) {
  const digits = String(amount).padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}

function count(text, fallback) {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d?$/.test(text)) throw new Error(`expected a number from 1 to 99, found ${text}`);
  return Number(text);
}

/** What can be typed at the prompt; each answers with a sentence. */
function commands(node, second, wallet) {
  let last = null;
  const tip = async () => `The tip is at height ${(await node.tip()).height}.`;
  /** Gives the second node the first one's blocks over a height. */
  const follow = async (height) => {
    const { height: top } = await node.tip();
    for (let at = height + 1; second && at <= top; at += 1) {
      await second.give(await node.block(await node.hashAt(at)));
    }
  };
  return {
    async pay([address, amount]) {
      if (!address) throw new Error('expected an address and an amount');
      const due = units(amount);
      last = await wallet.pay(node, address, due);
      return `Paid ${decimal(due)} BTC in ${last.txid}.`;
    },
    async again() {
      if (!second) throw new Error('expected two nodes to disagree, found one');
      const held = await second.mempool();
      const apart = last && ![last.txid, last.other].some((txid) => held.includes(txid));
      if (!apart || !(await node.mempool()).includes(last.txid)) {
        throw new Error(
          'expected a payment in no block that the first node alone holds: pay first',
        );
      }
      const other = wallet.doubleSpend(last, { fee: 50_000 });
      await second.send(other.hex);
      last.other = other.txid;
      return `Sent ${other.txid} to the second node: it spends the coin of ${last.txid}.`;
    },
    async mine([n]) {
      const { height } = await node.tip();
      await node.mine(count(n, 1));
      await follow(height);
      return tip();
    },
    async reorg([n]) {
      const depth = count(n, 2);
      const { height } = await node.tip();
      await node.branch(height - depth, depth + 1);
      await follow(height - depth);
      return `Abandoned ${depth} ${depth === 1 ? 'block' : 'blocks'}. ${await tip()}`;
    },
    help: async () => HELP,
  };
}

/**
 * Starts the nodes; `serve` is given their addresses once there are coins, and answers with the
 * process that serves the page beside the prompt.
 */
export async function playRegtest(serve) {
  const { node, wallet } = await startFunded();
  const nodes = [node];
  if (can.two) {
    const second = await startNode(1);
    await second.adopt(node);
    nodes.push(second);
  }
  const known = commands(node, nodes[1], wallet);

  let ended = false;
  // One after the other: a block that comes amid a reorganisation would build on neither branch.
  let turn = Promise.resolve();
  const inTurn = (work) => {
    turn = turn.then(work).then(
      (said) => said && console.log(said),
      // What is cut off by the end is no failure.
      (error) => ended || console.log(error.message),
    );
  };
  const mining = setInterval(
    () => inTurn(() => known.mine([]).then(() => '')),
    SPACING_SECONDS * 1000,
  );
  const prompt = readline.createInterface({ input: process.stdin });
  const site = serve(nodes.map(({ address }) => address));
  const end = async () => {
    if (ended) return;
    ended = true;
    clearInterval(mining);
    prompt.close();
    process.stdin.destroy();
    site.kill('SIGTERM');
    await Promise.all(nodes.map((each) => each.stop()));
  };
  // The end of the input alone ends nothing: the page may still be in use.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
  site.once('exit', end);

  console.log(
    `Regtest nodes run at ${nodes.map(({ address }) => address).join(' and ')}; a block comes every\n` +
      `${SPACING_SECONDS} s. Choose regtest in the till, with an address to be paid at, such as\n` +
      `${newAddress()}. Then type here:\n${HELP}`,
  );
  prompt.on('line', (line) => {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (!word || ended) return;
    inTurn(() => {
      if (!Object.hasOwn(known, word)) throw new Error(`unknown: ${word}\n${HELP}`);
      return known[word](rest);
    });
  });
}
