/** This browser's wallet as a page holds it (www/lib/own-wallet.ts). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

// Plain http on a LAN: no locks.
Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
const { OwnWallet } = await load('/lib/own-wallet.ts');

const key = (account, index) => ({
  path: { account, index },
  publicKey: `${account}:${index}`,
  address: `fthp1a${account}i${index}`,
});

/** A wallet with everything around it in memory; `log` has what was asked of whom, in order. */
function world({ stored, nextIndex = 0, perAccount = 3, watched = 500 } = {}) {
  const log = [];
  const vaults = new Map(stored ? [['practice:a', stored]] : []);
  const taken = new Map();
  const session = {
    chain: { tip: { height: 7 } },
    wallet: {
      wallet: '0:0',
      accounts: [0, 1].map((account) => ({ account, nextIndex, keys: watched })),
    },
    watchWallet: async () => log.push('watch'),
    watch: (watcher) => (session.watchers.add(watcher), () => session.watchers.delete(watcher)),
    watchers: new Set(),
    /** The client looked at blocks: keys of the till up to this one were paid. */
    async paid(index) {
      const [wallet, till] = session.wallet.accounts;
      const keys = vaults
        .get('practice:a')
        .keys.filter(({ path }) => path.account === till.account).length;
      session.wallet = {
        ...session.wallet,
        accounts: [wallet, { ...till, nextIndex: index, keys }],
      };
      for (const watcher of session.watchers) watcher();
      await new Promise((resolve) => setTimeout(resolve));
    },
    async request(command) {
      log.push(command.type);
      if (command.type !== 'preparePayment') return { type: 'done' };
      const path = { account: command.account, index: command.changeIndex };
      const outputs = [{ type: 'change', path, amount: 1n }];
      return { type: 'spend', request: { inputs: [], outputs, fee: 1n } };
    },
  };
  const keys = {
    isOpen: false,
    locked: [],
    async request(command) {
      log.push(command.type);
      return { type: 'signed', transaction: 'aa', txid: 'tx' };
    },
    lock: () => (log.push('lock'), (keys.isOpen = false)),
    onLock: (listener) => (keys.locked.push(listener), () => {}),
  };
  const fresh = (confirmed, birth) => {
    const some = (account) => Array.from({ length: perAccount }, (_, index) => key(account, index));
    keys.isOpen = true;
    return { record: new Uint8Array(), keys: [...some(0), ...some(1)], confirmed, birth };
  };
  const steps = {
    keysOf: () => keys,
    load: async (network) => vaults.get(network),
    create: async (network, passphrase, { birth }) => {
      log.push(`create ${passphrase}`);
      if (vaults.has(network)) throw new Error('another');
      vaults.set(network, fresh(false, birth));
      return { phrase: ['abandon', 'about'] };
    },
    restore: async (network) => vaults.set(network, fresh(true, 0)),
    confirm: async (network) => vaults.set(network, { ...vaults.get(network), confirmed: true }),
    take: async (network, account) => {
      const index = taken.get(account) ?? 0;
      const found = vaults
        .get(network)
        .keys.find(({ path }) => path.account === account && path.index === index);
      if (!found) throw new Error('used up');
      taken.set(account, index + 1);
      return found;
    },
    skipTo: async (_, account, index) =>
      taken.set(account, Math.max(index, taken.get(account) ?? 0)),
    moreKeys: async (network, account) => {
      log.push('more');
      const vault = vaults.get(network);
      const from = vault.keys.filter(({ path }) => path.account === account).length;
      vault.keys.push(...Array.from({ length: 5 }, (_, index) => key(account, from + index)));
    },
    wipe: async (network) => (log.push('wipe'), vaults.delete(network)),
  };
  return { log, vaults, keys, steps, session, own: new OwnWallet(session, steps) };
}

test('a new wallet is read anew and watched, and its coins begin at the tip', async () => {
  const { own, log, vaults } = world();
  await own.begin('practice:a');
  assert.equal(own.vault, undefined);
  assert.deepEqual(await own.create('long enough', 12), ['abandon', 'about']);
  assert.deepEqual(log, ['create long enough', 'watch']);
  assert.equal(own.vault, vaults.get('practice:a'));
  assert.deepEqual([own.vault.confirmed, own.vault.birth], [false, 7]);
  await own.confirm();
  assert.equal(own.vault.confirmed, true);
});

test('a wallet that is made before any tip is known is looked for in every block', async () => {
  const { own, session } = world();
  session.chain = undefined;
  await own.begin('practice:a');
  await own.create('long enough', 12);
  assert.equal(own.vault.birth, 0);
});

test('an address is past every one that was paid, and never given twice', async () => {
  const { own } = world({ nextIndex: 4, perAccount: 9 });
  await own.begin('practice:a');
  await own.restore('abandon about', 'long enough');
  assert.equal((await own.freshKey(0)).path.index, 4);
  assert.equal((await own.freshKey(0)).path.index, 5);
});

test('when the keys in store are used up, more come from an open wallet alone', async () => {
  const { own, log } = world({ nextIndex: 3 });
  await own.begin('practice:a');
  await own.create('long enough', 12);
  own.lock();
  await assert.rejects(own.freshKey(0), /used up/);
  own.vault = undefined;
  await assert.rejects(own.freshKey(0), /used up/, 'without a wallet there is nothing to make');
  await own.begin('practice:a');
  own.lock();
  assert.ok(!log.includes('more'));
});

test('an open wallet makes more keys by itself', async () => {
  const { own, log } = world({ nextIndex: 3 });
  await own.begin('practice:a');
  await own.create('long enough', 12);
  assert.equal((await own.freshKey(1)).path.index, 3);
  assert.ok(log.includes('more'));
});

test('a wallet that was restored watches more keys while the last ones were paid', async () => {
  const { own, log, session, vaults } = world({ perAccount: 500 });
  await own.begin('practice:a');
  await own.restore('abandon about', 'long enough');
  log.length = 0;
  await session.paid(400);
  assert.deepEqual(log, [], 'a hundred are left');
  await session.paid(401);
  assert.deepEqual(log, ['more', 'watch']);
  const count = vaults.get('practice:a').keys.length;
  assert.equal(count, 1_005);
  assert.ok(own.keyAt(1, 504), 'they are read anew');
  // The client has told nothing of them yet: they are not asked for twice.
  for (const watcher of session.watchers) watcher();
  await session.paid(405);
  assert.deepEqual(log, ['more', 'watch']);
  await session.paid(406);
  assert.deepEqual(log, ['more', 'watch', 'more', 'watch']);
});

test('a locked wallet says that more addresses may hold money, and looks when it is opened', async () => {
  const { own, log, session, keys } = world({ perAccount: 500 });
  await own.begin('practice:a');
  await own.restore('abandon about', 'long enough');
  own.lock();
  log.length = 0;
  assert.equal(own.mayHoldMore, false);
  await session.paid(480);
  assert.equal(own.mayHoldMore, true);
  assert.deepEqual(log, []);
  keys.isOpen = true;
  await own.widen();
  assert.equal(own.mayHoldMore, false);
  assert.deepEqual(log, ['more', 'watch']);
});

test('the keys of another wallet, which the client still watches, widen nothing', async () => {
  const { own, log, session } = world({ perAccount: 500 });
  session.wallet.wallet = 'another';
  await own.begin('practice:a');
  await own.restore('abandon about', 'long enough');
  log.length = 0;
  await session.paid(480);
  assert.deepEqual([own.mayHoldMore, log], [false, []]);
});

test('more keys that cannot be made are asked for again when it is opened again', async () => {
  const { own, log, session, keys, steps } = world({ perAccount: 500 });
  await own.begin('practice:a');
  await own.restore('abandon about', 'long enough');
  const { moreKeys } = steps;
  steps.moreKeys = async () => {
    log.push('fails');
    throw new Error('the disk is full');
  };
  log.length = 0;
  await session.paid(480);
  await session.paid(481);
  assert.equal(log.filter((word) => word === 'fails').length, 1);
  assert.equal(session.problem, 'the disk is full');
  steps.moreKeys = moreKeys;
  keys.isOpen = false;
  for (const tell of keys.locked) tell();
  keys.isOpen = true;
  await session.paid(482);
  assert.ok(log.includes('more'));
});

test('coins that are worth something wait for the phrase', async () => {
  const { own } = world();
  await own.begin('farthing:a');
  await own.create('long enough', 12);
  assert.equal(own.mayReceive, false);
  await own.confirm();
  assert.equal(own.mayReceive, true);
});

test('one index for change serves until something was sent to it', async () => {
  const { own, log } = world();
  await own.begin('practice:a');
  await own.create('long enough', 12);
  const change = async () => (await own.prepare(0, 'x', 1n, null)).outputs[0].path.index;
  const first = await change();
  assert.equal(await change(), first);
  const request = await own.prepare(0, 'x', 1n, null);
  log.length = 0;
  assert.equal(await own.send(request), 'tx');
  assert.deepEqual(log, ['sign', 'submitTransaction']);
  assert.equal(await change(), first + 1);
});

test('a lock from elsewhere is noticed', async () => {
  const { own, keys } = world();
  await own.begin('practice:a');
  await own.create('long enough', 12);
  assert.equal(own.isOpen, true);
  let told = 0;
  own.watch(() => told++);
  keys.isOpen = false;
  for (const tell of keys.locked) tell();
  assert.equal(own.isOpen, false);
  assert.equal(told, 1);
});

test('to practise, a wallet is made once, and on practice networks alone', async () => {
  const { own, log } = world();
  await own.begin('practice:a');
  await own.createToPractise();
  await own.createToPractise();
  assert.equal(log.filter((word) => word.startsWith('create')).length, 1);
  const real = world();
  await real.own.begin('farthing:a');
  await real.own.createToPractise();
  assert.deepEqual(real.log, [], 'where coins may be worth something a person decides');
});

test('a wallet that another tab made meanwhile is shown, and not written over', async () => {
  const { own, vaults } = world();
  await own.begin('practice:a');
  const theirs = { record: new Uint8Array([9]), keys: [key(0, 0)], confirmed: false, birth: 1 };
  vaults.set('practice:a', theirs);
  await assert.rejects(own.create('long enough', 12), /another/);
  assert.equal(own.vault, theirs);
});

test('a wipe forgets what is stored, and what is watched', async () => {
  const { own, log, vaults } = world();
  await own.begin('practice:a');
  await own.create('long enough', 12);
  log.length = 0;
  await own.wipe();
  assert.deepEqual(log, ['wipe', 'forgetWallet']);
  assert.equal(vaults.size, 0);
  assert.equal(own.vault, undefined);
});
