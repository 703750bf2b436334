/**
 * Stratum with programs that nobody here wrote: the npm package `stratum-client`, and a CPU miner
 * that `MINER=/path` names (cpuminer's minerd, or any that takes its options).
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import stratumClient from 'stratum-client';
import { OwnNode } from '../browser/support/own-node.js';
import { end } from './child.js';
import { Ed25519Key } from './ed25519.js';
import { HOST, freePort, until } from './ports.js';

const { MINER } = process.env;
const address = new Ed25519Key(Buffer.alloc(32, 7)).address('fthp');
const skip = MINER ? false : 'MINER is not set: MINER=/path/to/minerd takes a CPU miner';
if (skip) console.log(`skipped: an external miner: ${skip}`);

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const doubled = (bytes) => sha256(sha256(bytes));
const hex = (text) => Buffer.from(text, 'hex');
/** Words of four bytes, each turned round: how Stratum writes what a header holds. */
const turned = (text) => hex(text).swap32();

/** The header of a job as miners make it: from the job's text, and from nothing of ours. */
function headerOf(work, extranonce2, nonce) {
  const { coinb1, coinb2, extraNonce1, merkle_branch: branch } = work;
  const coinbase = hex(coinb1 + extraNonce1 + extranonce2 + coinb2);
  const root = branch.reduce(
    (left, right) => doubled(Buffer.concat([left, hex(right)])),
    doubled(coinbase),
  );
  const last = Buffer.alloc(4);
  last.writeUInt32LE(nonce);
  const [version, previous, time, bits] = [work.version, work.prevhash, work.ntime, work.nbits].map(
    turned,
  );
  return Buffer.concat([version, previous, root, time, bits, last]);
}

/** The first nonce whose hash meets the compact target. */
function mine(work, extranonce2) {
  const bits = Number.parseInt(work.nbits, 16);
  const target = BigInt(bits & 0xffffff) << BigInt(8 * ((bits >>> 24) - 3));
  for (let nonce = 0; ; nonce += 1) {
    const hash = doubled(headerOf(work, extranonce2, nonce)).reverse();
    if (BigInt(`0x${hash.toString('hex')}`) <= target) return { nonce, hash: hash.toString('hex') };
  }
}

describe('a Stratum client that nobody here wrote', () => {
  let node;
  let port;
  let client;
  const jobs = [];
  const told = { accepted: 0, refused: [], authorized: undefined, difficulty: undefined };
  // Blocks cost two hashes there.
  before(async () => {
    port = await freePort();
    node = new OwnNode({ network: 'practice', args: ['--stratum', `${HOST}:${port}`] });
    await node.start();
    client = stratumClient({
      server: HOST,
      port,
      worker: `${address}.npm`,
      autoReconnectOnError: false,
      onAuthorizeSuccess: () => (told.authorized = true),
      onAuthorizeFail: () => (told.authorized = false),
      onNewDifficulty: (difficulty) => (told.difficulty = difficulty),
      onNewMiningWork: (work) => jobs.push(work),
      onSubmitWorkSuccess: () => (told.accepted += 1),
      onSubmitWorkFail: (error) => told.refused.push(error),
    });
  });
  after(async () => {
    client?.shutdown();
    await node?.stop();
  });

  const submit = (work, extranonce2, nonce) =>
    client.submit({
      worker_name: `${address}.npm`,
      job_id: work.jobId,
      extranonce2,
      ntime: work.ntime,
      nonce: nonce.toString(16).padStart(8, '0'),
    });

  test('subscribes, is authorized and told what to mine', async () => {
    await until('there is a job', () => jobs.length > 0);
    assert.equal(told.authorized, true);
    assert.equal(typeof told.difficulty, 'number');
    assert.equal(jobs[0].extraNonce1.length, 8);
    assert.equal(jobs[0].extraNonce2Size, 4);
  });

  test('mines blocks that the node takes', async () => {
    for (let height = 1; height <= 3; height += 1) {
      const work = jobs.at(-1);
      const { nonce, hash } = mine(work, '00000007');
      submit(work, '00000007', nonce);
      await until('the share is accepted', () => told.accepted === height);
      const { tip } = await node.seeHealth('the block', (health) => health.height === height);
      assert.equal(tip, hash);
      await until('there is another job', () => jobs.at(-1).jobId !== work.jobId);
    }
    assert.deepEqual(told.refused, []);
  });

  test('is told why a share does not count', async () => {
    const work = jobs[0];
    submit(work, '00000007', mine(work, '00000007').nonce);
    await until('the stale share is refused', () => told.refused.length === 1);
    assert.equal(told.refused[0][0], 21);
  });
});

describe('a CPU miner that nobody here wrote', { skip }, () => {
  let node;
  let miner;
  after(async () => {
    await end(miner, 'SIGKILL');
    await node?.stop();
  });

  test('mines a block that the node takes', { timeout: 180_000 }, async () => {
    const port = await freePort();
    // About four million hashes a block.
    node = new OwnNode({ args: ['--stratum', `${HOST}:${port}`] });
    await node.start();
    const url = `stratum+tcp://${HOST}:${port}`;
    miner = spawn(MINER, ['-a', 'sha256d', '-o', url, '-u', address, '-p', 'x', '-t', '1'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const keep = (bytes) => (said = (said + bytes).slice(-4_000));
    miner.stdout.on('data', keep);
    miner.stderr.on('data', keep);
    miner.on('error', (error) => keep(error.message));
    const { height } = await until(
      'the miner found a block',
      async () => {
        const health = await node.health();
        return health.height > 0 && health;
      },
      { deadline: 150_000, explain: () => said },
    );
    console.log(`    ${MINER}: height ${height}`);
  });
});
