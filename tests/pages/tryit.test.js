/** The story of the front page (www/tryit/story.ts), around a wallet, workers and a client that only note. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './support.js';

Object.assign(globalThis, { addEventListener() {} });
const { Story, PRICE } = await load('/tryit/story.ts');

const PLAN = { workers: 2, template: 'http://127.0.0.1:8420/api/template' };
const REQUEST = { inputs: [], outputs: [], fee: 200n, lockTime: 1, replaces: null };

let session, wallet, work, story, log;

beforeEach(() => {
  log = [];
  session = {
    invoices: new Map(),
    wallet: undefined,
    async request(command) {
      log.push([command.type, command]);
      const invoice = {
        id: session.invoices.size + 1,
        request: command.request,
        status: { type: 'awaiting' },
      };
      session.invoices.set(invoice.id, invoice);
      return { type: 'invoice', invoice };
    },
  };
  let next = 0;
  wallet = {
    vault: undefined,
    isOpen: false,
    problem: undefined,
    async create(passphrase, words) {
      log.push(['create', passphrase, words]);
      Object.assign(this, { vault: {}, isOpen: true });
    },
    network: 'practice:harbour-wren',
    freshKey: async (account) => ({ address: `account${account}-${next++}` }),
    async prepare(...told) {
      log.push(['prepare', ...told]);
      return REQUEST;
    },
    async send(request) {
      log.push(['send', request]);
      return 'txid';
    },
  };
  work = { start: (options) => log.push(['start', options]) };
  story = new Story(session, wallet, work, async (network, passphrase) => {
    assert.equal(network, 'practice:harbour-wren');
    log.push(['unlock', passphrase]);
    if (passphrase !== 'practice') throw new Error('the passphrase does not open this vault');
    wallet.isOpen = true;
  });
});

const coins = (spendable) => {
  session.wallet = { accounts: [{ account: 0, spendable }] };
};
const names = () => log.map(([name]) => name);

test('one click makes the wallet, starts the workers and lets the till ask', async () => {
  assert.equal(story.stage, 'idle');
  assert.deepEqual(log, [], 'nothing before it');
  const begun = story.begin('practice', PLAN);
  assert.equal(story.stage, 'opening');
  await story.begin('practice', PLAN);
  await begun;
  assert.deepEqual(
    names(),
    ['create', 'start', 'createInvoice'],
    'and a second click does nothing',
  );
  const { source, ...how } = log[1][1];
  assert.deepEqual(how, { workers: 2, quota: 1, graphics: 'off' });
  assert.deepEqual(source.options, { template: PLAN.template, address: 'account0-0' });
  const { request } = log[2][1];
  assert.equal(request.address, 'account1-1', 'an address of the till’s own account');
  assert.equal(request.due, PRICE);
  assert.equal(story.stage, 'mining');
});

test('a wallet that is there is unlocked, and a wrong passphrase is said', async () => {
  wallet.vault = {};
  await story.begin('wrong', PLAN);
  assert.equal(story.stage, 'idle');
  assert.match(story.problem, /passphrase/);
  assert.deepEqual(names(), ['unlock'], 'nothing was started');
  await story.begin('practice', PLAN);
  assert.equal(story.problem, undefined);
  assert.equal(story.stage, 'mining');
});

test('the payment is shown before it is signed, and not signed when it is put away', async () => {
  await story.begin('practice', PLAN);
  await story.pay();
  assert.equal(names().includes('prepare'), false, 'without a coin nothing is paid');
  coins(PRICE);
  assert.equal(story.stage, 'mining', 'the fee has to be paid too');
  coins(500_000_000n);
  assert.equal(story.stage, 'ready');
  await story.pay();
  assert.deepEqual(log.at(-1), ['prepare', 0, 'account1-1', PRICE, null]);
  assert.equal(story.stage, 'review');
  story.putAway();
  assert.equal(story.stage, 'ready');
  assert.equal(names().includes('send'), false);
  await story.pay();
  await story.send(undefined);
  assert.deepEqual(log.at(-1), ['send', REQUEST]);
  assert.equal(story.txid, 'txid');
  assert.equal(story.stage, 'sent');
  session.invoices.get(1).status = { type: 'settled', depth: 1 };
  assert.equal(story.stage, 'done');
});

test('a wallet that locked itself is unlocked to sign, and a refusal leaves the request on show', async () => {
  await story.begin('practice', PLAN);
  coins(500_000_000n);
  await story.pay();
  wallet.isOpen = false;
  await story.send('wrong');
  assert.match(story.problem, /passphrase/);
  assert.equal(story.stage, 'review');
  await story.send('practice');
  assert.equal(story.stage, 'sent');
});

test('the till asks again at another address', async () => {
  await story.begin('practice', PLAN);
  coins(500_000_000n);
  await story.pay();
  await story.send(undefined);
  session.invoices.get(1).status = { type: 'settled', depth: 1 };
  await story.again();
  assert.equal(story.invoice.id, 2);
  assert.notEqual(story.invoice.request.address, session.invoices.get(1).request.address);
  assert.equal(story.stage, 'ready');
});
