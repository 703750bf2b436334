/**
 * A node to practise with: bcoin on regtest in memory, a block every 20 seconds, and a prompt that
 * pays, pays twice and reorganises. It prints the address that `--bitcoin` takes.
 */
import readline from 'node:readline';
import { newAddress, startFunded } from './index.js';

const SPACING_SECONDS = 20;
const HELP = `  pay ADDRESS AMOUNT    pays, in BTC: pay bcrt1… 0.0042
  again                 sends the last payment's coin back to this wallet, for a higher fee
  mine [N]              mines now
  reorg [N]             abandons the last N blocks (2) for a longer branch without payments
  help                  this; Ctrl-C ends it`;

/** Integer units from a decimal amount of BTC. */
function units(text) {
  const match = /^(\d{1,8})(?:\.(\d{1,8}))?$/.exec(text ?? '');
  if (!match) {
    throw new Error(`expected an amount such as 0.0042, at most 8 places; found ${text ?? 'none'}`);
  }
  return BigInt(match[1] + (match[2] ?? '').padEnd(8, '0'));
}

function count(text, fallback) {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d?$/.test(text)) throw new Error(`expected a number from 1 to 99, found ${text}`);
  return Number(text);
}

/** What can be typed at the prompt; each answers with a sentence. */
function commands(node, wallet) {
  let last = null;
  const tip = async () => `The tip is at height ${(await node.tip()).height}.`;
  return {
    async pay([address, amount]) {
      if (!address) throw new Error('expected an address and an amount');
      last = await wallet.pay(node, address, units(amount));
      return `Paid ${amount} BTC in ${last.txid}.`;
    },
    async again() {
      if (!last) throw new Error('expected a payment before it: pay first');
      const other = wallet.doubleSpend(last, { fee: 50_000 });
      await node.send(other.hex);
      return `Sent ${other.txid}, which spends the same coin.`;
    },
    async mine([n]) {
      await node.mine(count(n, 1));
      return tip();
    },
    async reorg([n]) {
      const depth = count(n, 2);
      const { height } = await node.tip();
      await node.branch(height - depth, depth + 1);
      return `Abandoned ${depth} blocks. ${await tip()}`;
    },
    help: async () => HELP,
  };
}

/** Starts the node; `serve` is given its address once it has coins, and runs beside the prompt. */
export async function practise(serve) {
  const { node, wallet } = await startFunded();
  const known = commands(node, wallet);
  const mining = setInterval(() => {
    node.mine(1).catch((error) => console.log(`No block: ${error.message}`));
  }, SPACING_SECONDS * 1000);
  const prompt = readline.createInterface({ input: process.stdin });
  serve(node.address);
  console.log(
    `A regtest node runs at ${node.address}; a block comes every ${SPACING_SECONDS} s. Choose regtest\n` +
      `in the till, with an address to be paid at, such as ${newAddress()}. Then type here:\n${HELP}`,
  );
  prompt.on('line', async (line) => {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (!word) return;
    try {
      if (!Object.hasOwn(known, word)) throw new Error(`unknown: ${word}\n${HELP}`);
      console.log(await known[word](rest));
    } catch (error) {
      console.log(error.message);
    }
  });
  const end = async () => {
    clearInterval(mining);
    prompt.close();
    await node.stop();
  };
  // The end of the input alone ends nothing: the page may still be in use.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
}
