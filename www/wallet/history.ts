// Every transaction of the wallet, newest first, with how it stands.

import { html, nothing, type TemplateResult } from 'lit';
import { formatAmount } from '../lib/amount.ts';
import { amountText } from '../components/amount.ts';
import '../components/hash-text.ts';
import { shape, type Shape } from '../components/icons.ts';
import { integer, moment, shorten } from '../lib/format.ts';
import type { WalletEntry, WalletView } from '../lib/messages.ts';
import { chainLink } from '../lib/route.ts';
import { en } from '../strings/en.ts';

const says = en.walletPage.history;

/** What it was, for people. */
function kind(entry: WalletEntry): 'mined' | 'received' | 'sent' | 'self' {
  if (entry.mined) return 'mined';
  if (entry.sent === 0n) return 'received';
  // All that went in came back, but for the fee.
  return entry.fee !== null && entry.sent - entry.received === entry.fee ? 'self' : 'sent';
}

/** What it changed: `+5.00000000`. */
const signed = (units: bigint): string => `${units > 0n ? '+' : ''}${formatAmount(units)}`;

interface Standing {
  word: string;
  shape: Shape;
  tone: 'wait' | 'risk';
}

function standing({ state, sent }: WalletEntry): Standing {
  if (state.type === 'unconfirmed')
    return { word: says.unconfirmed, shape: 'eye', tone: sent > 0n ? 'wait' : 'risk' };
  if (state.type === 'replaced') return { word: says.replaced, shape: 'triangle', tone: 'risk' };
  if (state.type === 'abandoned') return { word: says.abandoned, shape: 'triangle', tone: 'risk' };
  if (state.maturesIn > 0)
    return { word: says.ripe(state.maturesIn), shape: 'hourglass', tone: 'wait' };
  return { word: says.depth(state.depth), shape: 'blocks', tone: 'wait' };
}

function row(entry: WalletEntry, network: string, unit: string): TemplateResult {
  const { state } = entry;
  const what = kind(entry);
  const stands = standing(entry);
  const dead = state.type === 'replaced' || state.type === 'abandoned';
  const facts = [
    moment(entry.time),
    state.type === 'mined' ? says.block(integer(state.height)) : '',
    entry.fee !== null && entry.fee > 0n && entry.sent > 0n
      ? says.fee(amountText(entry.fee, unit))
      : '',
  ].filter((fact) => fact !== '');
  return html`<li
    data-testid="entry"
    data-txid=${entry.txid}
    data-kind=${what}
    data-state=${state.type}
    data-units=${(entry.received - entry.sent).toString()}
  >
    <div class="head">
      <span><b>${says[what]}</b> <span class="cap num">${facts.join(' · ')}</span></span>
      <span class="num ${dead ? 'struck' : 'sum'}">${signed(entry.received - entry.sent)}</span>
    </div>
    <div class="row spread cap">
      <hash-text
        .value=${entry.txid}
        .name=${en.chainPage.transaction}
        .head=${8}
        .tail=${6}
        .href=${chainLink(network, { transaction: entry.txid })}
      ></hash-text>
      <span class="tag ${stands.tone}">${shape(stands.shape)}${stands.word}</span>
    </div>
    ${
      what === 'sent' && entry.addresses[0]
        ? html`<p class="cap">
            ${says.to} <span class="hash">${shorten(entry.addresses[0], 14, 8)}</span>
          </p>`
        : nothing
    }
    ${
      state.type === 'unconfirmed' && state.replaceable
        ? html`<p>
            <a class="button" href="#raise=${entry.txid}" data-testid="raise">${says.raise}</a>
          </p>`
        : nothing
    }
  </li>`;
}

export function history(
  view: WalletView | undefined,
  network: string,
  unit: string,
  shown: number,
  more: () => void,
): TemplateResult {
  const entries = view?.history ?? [];
  const left = entries.length - shown;
  return html`<section class="card" aria-labelledby="history">
    <h2 id="history">${says.title}</h2>
    ${entries.length ? nothing : html`<p class="cap">${says.none}</p>`}
    <ul class="entries" data-testid="history">
      ${entries.slice(0, shown).map((entry) => row(entry, network, unit))}
    </ul>
    ${left > 0 ? html`<button type="button" class="quiet wide" @click=${more}>${says.more(left)}</button>` : nothing}
  </section>`;
}
