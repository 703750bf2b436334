/** The one sentence of an invoice, its tone and its next step, at every turn that matters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './support.js';

const { sentence } = await load('/till/sentence.ts');
const { tone, nextStep, isAcceptable } = await load('/lib/facts.ts');

const connected = { type: 'connected' };
const offline = { type: 'offline' };
const DUE = 42_000n;

function invoice(status, more = {}, verdict = {}) {
  return {
    id: 1,
    request: { label: '', address: 'a', due: DUE, confirmations: 1 },
    need: DUE,
    credit: 0n,
    remaining: DUE,
    excess: 0n,
    status,
    flags: [],
    payments: [],
    changes: [],
    alarm: null,
    ...more,
    verdict: {
      answer: 'nothingSeen',
      operators: ['one'],
      tipStale: false,
      rentable: false,
      rewriteSeconds: null,
      ...verdict,
    },
  };
}
const say = (view, net = connected) => sentence(view, net, 'BTC').text;
const settled = { type: 'settled', depth: 1 };

test('each stage has its own sentence', () => {
  const stages = [
    invoice({ type: 'awaiting' }),
    invoice({ type: 'awaiting' }, { flags: ['partial'] }),
    invoice({ type: 'seen' }),
    invoice({ type: 'confirming', depth: 1, of: 3 }),
    invoice(settled, {}, { answer: 'confirmed' }),
    invoice({ type: 'expired' }),
    invoice({ type: 'cancelled' }),
    invoice({ type: 'seen' }, { flags: ['late'] }),
    invoice({ type: 'seen' }, { flags: ['acceptedAtRisk'] }),
  ].map((view) => say(view));
  assert.equal(new Set(stages).size, stages.length, stages.join('\n'));
  assert.match(stages[1], /0\.00042000 BTC/);
});

test('a till that cannot listen never says that nothing came', () => {
  for (const type of ['awaiting', 'expired']) {
    assert.match(say(invoice({ type }), offline), /^Cannot tell: this till is offline\.$/);
    assert.notEqual(tone(invoice({ type }), offline), 'good');
  }
  const unwatched = invoice({ type: 'awaiting' }, {}, { answer: 'cannotTell' });
  assert.match(say(unwatched), /^Cannot tell/);
});

test('where hash power can be rented nothing is green, and the cost of rewriting is said', () => {
  const verdict = { answer: 'confirmed', rentable: true, rewriteSeconds: 0.002 };
  const view = invoice(settled, {}, verdict);
  assert.equal(tone(view, connected), 'risk');
  assert.match(sentence(view, connected, 'FTH').sub, /rewrite that in under a second/);
  const deeper = invoice({ ...settled, depth: 900 }, {}, { ...verdict, rewriteSeconds: 7300 });
  assert.equal(tone(deeper, connected), 'risk');
  assert.match(sentence(deeper, connected, 'FTH').sub, /rewrite that in 2 h 1 min/);
});

test('green is for the threshold alone, and for what is known now', () => {
  assert.equal(tone(invoice(settled, {}, { answer: 'confirmed' }), connected), 'good');
  assert.equal(tone(invoice(settled, {}, { answer: 'cannotTell' }), connected), 'risk');
  for (const status of [{ type: 'seen' }, { type: 'confirming', depth: 1, of: 2 }]) {
    assert.notEqual(tone(invoice(status, { credit: DUE }), connected), 'good', status.type);
  }
});

test('paid stays said without a node, and not under a tip that is too old', () => {
  const away = invoice(settled, {}, { answer: 'cannotTell', operators: [] });
  assert.match(say(away, offline), /^Paid, .* as last heard: this till is offline\.$/);
  const stale = invoice(settled, {}, { answer: 'cannotTell', tipStale: true });
  assert.match(say(stale), /^Cannot tell: no new block/);
});

test('an alarm is red, comes before everything, and waits to be read', () => {
  const alarm = { at: 1, status: settled, reason: { type: 'doubleSpent', txid: 'a', by: 'b' } };
  const view = invoice(settled, { alarm }, { answer: 'confirmed' });
  assert.match(say(view), /^Do not hand over/);
  assert.equal(tone(view, connected), 'bad');
  assert.equal(nextStep(view), 'acknowledge');
});

test('a conflict is red after the alarm was read too', () => {
  const view = invoice({ type: 'awaiting' }, { flags: ['conflict'] }, { answer: 'conflict' });
  assert.match(say(view), /^Do not hand over/);
  assert.equal(tone(view, connected), 'bad');
});

test('a decision is offered where the core takes it', () => {
  assert.equal(isAcceptable(invoice({ type: 'seen' }, { credit: DUE })), true);
  assert.equal(isAcceptable(invoice({ type: 'seen' }, { credit: DUE - 1n })), false);
  assert.equal(isAcceptable(invoice({ type: 'awaiting' }, { credit: DUE })), false);
  const late = invoice({ type: 'seen' }, { credit: DUE, flags: ['late'] });
  assert.equal(isAcceptable(late), false);
  assert.equal(nextStep(late), 'acceptLate');
  assert.equal(nextStep(invoice(settled)), 'newInvoice');
});
