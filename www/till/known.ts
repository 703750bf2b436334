// How it is known: the verdict, and each fact that it was concluded from.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText } from '../components/amount.ts';
import { has } from '../lib/facts.ts';
import { integer, moment, percent, powerOfTwo, span } from '../lib/format.ts';
import type { InvoiceView } from '../lib/messages.ts';
import type { Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';
import { cardTime } from './card-time.ts';

const says = en.known;

function fact(name: string, label: string, value: TemplateResult | string): TemplateResult {
  return html`<div data-testid="fact-${name}">
    <dt>${label}</dt>
    <dd class="num">${value}</dd>
  </div>`;
}

export function known(
  invoice: InvoiceView,
  session: Session,
  unit: string,
  now: number,
): TemplateResult {
  const { verdict } = invoice;
  return html`<section class="card" aria-labelledby="known">
    <h2 id="known">${says.title}</h2>
    <p class="verdict" data-testid="verdict" data-answer=${verdict.answer}>
      ${en.verdict[verdict.answer]}.${
        verdict.rentable && verdict.answer === 'confirmed' ? ` ${says.rentable}` : nothing
      }
    </p>
    <dl class="facts">
      ${seenBy(invoice)} ${fact('operators', says.operators, operators(invoice, session, now))}
      ${conflicts(invoice)} ${fact('tip', says.tip, tip(invoice, session, now))}
      ${fact('watched', says.watched, says.since(moment(invoice.created)))} ${gaps(invoice)}
      ${fact('looked-at', says.lookedAtLabel, lookedAt(invoice))} ${depth(invoice)}
      ${attacker(invoice, unit)} ${rewrite(invoice)} ${fact('leaks', says.leaks, says.leaksValue)}
    </dl>
  </section>`;
}

function seenBy({ verdict, payments }: InvoiceView): TemplateResult | typeof nothing {
  if (!payments.length) return nothing;
  const first = moment(Math.min(...payments.map((payment) => payment.firstSeen)));
  // Of payments that count the verdict tells; of others only they do.
  const names = verdict.seenBy.length
    ? verdict.seenBy
    : [...new Set(payments.flatMap((payment) => payment.seenBy))];
  const of = Math.max(verdict.operators.length, names.length);
  return fact(
    'seen-by',
    says.seenBy,
    names.length
      ? html`${says.seenByValue(names.length, of, first)}<span class="cap names"
            >${names.join(', ')}</span
          >`
      : says.seenFirst(first),
  );
}

function operators({ verdict }: InvoiceView, session: Session, now: number): string {
  const heard = session.lastHeard;
  const silent = heard === undefined ? verdict.silentFor : now - heard;
  const count = session.peers.length ? session.operators.length : verdict.operators.length;
  if (count === 0) return silent === null ? says.operatorsNone : says.lastWord(span(silent));
  return silent === null ? says.operatorsSilent(count) : says.operatorsValue(count, span(silent));
}

function conflicts(invoice: InvoiceView): TemplateResult | typeof nothing {
  const { verdict, payments } = invoice;
  if (!payments.length) return nothing;
  const count = verdict.conflictSeenBy.length;
  if (count === 0)
    return fact(
      'conflicts',
      says.conflicts,
      has(invoice, 'conflict') ? en.flagMeans.conflict : says.conflictsNone,
    );
  return fact(
    'conflicts',
    says.conflicts,
    html`${says.conflictsValue(count)}<span class="cap names"
        >${verdict.conflictSeenBy.join(', ')}</span
      >`,
  );
}

function tip({ verdict }: InvoiceView, { chain }: Session, now: number): TemplateResult {
  const age = span(chain ? now - chain.tip.time : verdict.tipAge);
  const remark = verdict.tipStale
    ? says.tipStale
    : verdict.trustsPeers
      ? says.tipTrusted
      : says.tipChecked;
  return html`${chain ? says.tipValue(integer(chain.tip.height), age) : en.net.tipAge(age)}<span
      class="cap names"
      >${remark}</span
    >`;
}

/** When the till did not watch. */
const away = ({ verdict }: InvoiceView): string =>
  verdict.notWatched
    .map(({ from, to }) =>
      to === null ? says.gapOpen(moment(from)) : says.gap(moment(from), moment(to)),
    )
    .join(', ');

function gaps(invoice: InvoiceView): TemplateResult | typeof nothing {
  const when = away(invoice);
  return when
    ? fact(
        'notWatched',
        says.notWatched,
        html`${when}<span class="cap names">${says.notWatchedMeans}</span>`,
      )
    : nothing;
}

/** Since when the till watched, and when it did not. */
export function watched(invoice: InvoiceView): string {
  const since = moment(invoice.created);
  const when = away(invoice);
  if (when) return says.watchedExcept(since, when);
  // Without an operator nobody was listened to, whatever the record says.
  return invoice.verdict.answer === 'cannotTell' ? says.notNow : says.watchedSince(since);
}

function lookedAt({ transactionsLookedAt, scanned }: InvoiceView): string {
  const seen = says.lookedAt(integer(transactionsLookedAt));
  return scanned ? `${seen}, ${says.scanned(integer(scanned[0]), integer(scanned[1]))}` : seen;
}

function depth({ verdict, payments }: InvoiceView): TemplateResult | typeof nothing {
  if (!payments.length) return nothing;
  if (verdict.depth === 0) return fact('depth', says.depth, says.depthNone);
  const blocks = says.depthValue(integer(verdict.depth), verdict.depth);
  return fact(
    'depth',
    says.depth,
    verdict.workBehindLog2 === null
      ? blocks
      : `${blocks}, ${says.work(powerOfTwo(verdict.workBehindLog2))}`,
  );
}

function attacker(
  { verdict, payments, request }: InvoiceView,
  unit: string,
): TemplateResult | typeof nothing {
  const { attackerShare, attackerChance, valueAtRisk } = verdict;
  if (!payments.length || attackerShare === null || attackerChance === null) return nothing;
  const odds =
    verdict.depth === 0 ? says.attackerUnseen : says.attackerValue(percent(attackerChance));
  return fact(
    'attacker',
    says.attacker(percent(attackerShare)),
    valueAtRisk === null
      ? odds
      : html`${odds}<span class="cap names"
            >${says.atRisk(amountText(valueAtRisk, unit), amountText(request.due, unit))}</span
          >`,
  );
}

/** What it would take to rewrite the chain, where anybody can rent that. */
function rewrite({ verdict }: InvoiceView): TemplateResult | typeof nothing {
  const { rewriteSeconds, workBehindLog2 } = verdict;
  if (rewriteSeconds === null || workBehindLog2 === null) return nothing;
  return fact(
    'rewrite',
    says.rewrite,
    html`${says.rewriteValue(powerOfTwo(workBehindLog2), cardTime(rewriteSeconds))}<span
        class="cap names"
        >${says.rentable}</span
      >`,
  );
}
