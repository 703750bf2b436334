/**
 * A real full node on regtest, whichever it is. A driver gives what every node has (`start`, `stop`,
 * `kill`, `tip`, `hashAt`, `block`, `mine`, `submitBlock`, `send`, `mempool`, `link`, `unlink`,
 * `peers`); what can be said in these words alone is written once, here.
 */
import { buildBranch } from './blocks.js';
import { newAddress, scriptOf } from './wallet.js';
import { HOST, freePort, listening } from './ports.js';

export class Node {
  /** What it is, for people. */
  kind = 'node';
  /** Whether it can be killed and started again from here. */
  canRestart = true;
  /** Whether it can be told to mine and to take a transaction. */
  canCommand = true;
  host = HOST;
  port = 0;
  /** Blocks that came from here, oldest first: a node that was killed may have lost them. */
  #blocks = new Map();

  get address() {
    return `${this.host}:${this.port}`;
  }

  /** Starts it, on the same port as before if it ran before. */
  async start() {
    this.port ||= await freePort();
    await this.launch();
    await listening(this.host, this.port);
  }

  /** Starts it again with the chain that it had. */
  async restart() {
    await this.start();
    for (const block of this.#blocks.values()) {
      await this.submitBlock(block);
    }
  }

  /** Mines blocks with what is in its mempool; gives their hashes. */
  async mine(count = 1, script = scriptOf(newAddress())) {
    const hashes = await this.generate(count, script);
    for (const hash of hashes) {
      this.#blocks.set(hash, await this.block(hash));
    }
    return hashes;
  }

  /**
   * Mines `count` blocks without transactions on top of the block at `height`: a branch, which
   * becomes the best chain when it has more work than the present one.
   */
  async branch(height, count, script = scriptOf(newAddress())) {
    const parent = await this.block(await this.hashAt(height));
    for (const block of buildBranch(parent, height, count, script)) {
      await this.give(block);
    }
  }

  /** Mines transactions that no mempool takes into one block. */
  async mineWith(transactions, script = scriptOf(newAddress())) {
    const { height, hash } = await this.tip();
    const [block] = buildBranch(await this.block(hash), height, 1, script, transactions);
    await this.give(block);
  }

  /** Gives it a block. */
  async give(block) {
    await this.submitBlock(block);
    this.#blocks.set(block, block);
  }

  /** Gives it every block of another node's best chain. */
  async adopt(other) {
    const { height } = await other.tip();
    for (let at = 1; at <= height; at += 1) {
      await this.give(await other.block(await other.hashAt(at)));
    }
  }
}

/** Connects two nodes, both ways, so that each hears the other at once. */
export async function connect(a, b) {
  await a.link(b.host, b.port);
  await b.link(a.host, a.port);
}

/** Cuts two nodes off from each other. */
export async function disconnect(a, b) {
  await a.unlink(b.host, b.port);
  await b.unlink(a.host, a.port);
}
