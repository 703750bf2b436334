// The three cards: mine, pay, check. Each says in words where it stands.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText, bigAmount } from '../components/amount.ts';
import '../components/hash-text.ts';
import { bigRate, rateText, waitingText } from '../components/hash-rate.ts';
import { shape, toneShape } from '../components/icons.ts';
import '../components/line-plot.ts';
import { formatAmount } from '../lib/amount.ts';
import { tone, type Tone } from '../lib/facts.ts';
import { integer, span } from '../lib/format.ts';
import type { InvoiceView, WalletEntry } from '../lib/messages.ts';
import { WALLET } from '../lib/own-wallet.ts';
import { chainLink } from '../lib/route.ts';
import type { NetworkState, Session } from '../lib/session.ts';
import { PRACTICE_PASSPHRASE } from '../lib/vault.ts';
import type { WorkState } from '../lib/work.ts';
import { en } from '../strings/en.ts';
import { statusShape } from '../till/invoice-list.ts';
import { sentence } from '../till/sentence.ts';
import { steps } from '../till/steps.ts';
import { review } from '../wallet/review.ts';
import { PRICE, type Stage } from './story.ts';

const says = en.tryPage;

/** Transactions on show: a card is not a history. */
const MOST_SHOWN = 3;
/** The rate's course that a card has room for, in samples. */
const MOST_SAMPLES = 120;

export interface Actions {
  begin(): void;
  stop(): void;
  resume(): void;
  pay(): void;
  send(): void;
  putAway(): void;
  again(): void;
}

export interface Scene {
  stage: Stage;
  problem: string | undefined;
  /** Whether this browser has a wallet here, and whether it is open. */
  hasWallet: boolean;
  isOpen: boolean;
  request: Parameters<typeof review>[0] | undefined;
  txid: string | undefined;
  invoice: InvoiceView | undefined;
  work: WorkState;
  session: Session;
  net: NetworkState;
  unit: string;
  /** Whether the page may begin: a practice network is here, and the wallet's store was read. */
  ready: boolean;
}

const heading = (id: string, text: string): TemplateResult => html`<h2 id=${id}>${text}</h2>`;

function problem(scene: Scene, at: Stage[]): TemplateResult | typeof nothing {
  return scene.problem && at.includes(scene.stage)
    ? html`<p class="error" role="alert" data-testid="error" data-field="try">${scene.problem}</p>`
    : nothing;
}

function passphrase(label: string, hint: string): TemplateResult {
  return html`<div class="field">
    <label for="passphrase">${label}</label>
    <input
      id="passphrase"
      data-testid="field-passphrase"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      maxlength="200"
      aria-describedby="passphrase-hint"
      .defaultValue=${PRACTICE_PASSPHRASE}
    />
    <p class="hint" id="passphrase-hint">${hint}</p>
  </div>`;
}

export function mineCard(scene: Scene, actions: Actions): TemplateResult {
  const { stage, work } = scene;
  const begun = stage !== 'idle' && stage !== 'opening';
  return html`<section class="card try-card" aria-labelledby="mine" data-testid="card-mine">
    ${heading('mine', says.mine)} ${begun ? mining(work, actions) : beginning(scene, actions)}
  </section>`;
}

function beginning(scene: Scene, actions: Actions): TemplateResult {
  const { stage, hasWallet, ready } = scene;
  const opening = stage === 'opening';
  return html`<p>${hasWallet ? says.mineAgain : says.mineFirst}</p>
    <form
      class="stack"
      novalidate
      @submit=${(e: Event) => {
        e.preventDefault();
        actions.begin();
      }}
    >
      ${passphrase(says.passphraseLabel, hasWallet ? says.passphraseAgain : says.passphraseHint)}
      ${problem(scene, ['idle'])}
      <button class="primary wide" data-testid="begin" ?disabled=${opening || !ready}>
        ${opening ? (hasWallet ? says.unlocking : says.making) : hasWallet ? says.unlock : says.begin}
      </button>
    </form>`;
}

function mining(work: WorkState, actions: Actions): TemplateResult {
  const course = work.course.slice(-MOST_SAMPLES);
  const first = course[0]?.at ?? 0;
  const found = work.blocks.filter((block) => block.state !== 'refused').length;
  return html`${bigRate(work.rate)}
    <line-plot
      small
      .points=${course.map(({ at, rate }) => ({ at: at - first, value: rate }))}
      .label=${en.workPage.overTimeText(
        rateText(work.rate),
        rateText(Math.max(0, ...course.map(({ rate }) => rate))),
      )}
    ></line-plot>
    <div class="row spread">
      <span class="cap num" data-testid="found" data-count=${found}
        >${says.found(work.workers.length, integer(found), found)}</span
      >
      ${
        work.running
          ? html`<button type="button" data-testid="stop-work" @click=${() => actions.stop()}>
              ${says.stop}
            </button>`
          : html`<button type="button" data-testid="resume-work" @click=${() => actions.resume()}>
              ${says.resume}
            </button>`
      }
    </div>
    ${
      work.waiting && work.waiting !== 'work'
        ? html`<p class="hint">${waitingText(work)}</p>`
        : nothing
    }
    ${
      work.problem
        ? html`<p class="hint risk-text" data-testid="work-problem">${work.problem}</p>`
        : nothing
    }`;
}

export function payCard(scene: Scene, actions: Actions): TemplateResult {
  const { stage, session, unit } = scene;
  const account = session.wallet?.accounts.find((one) => one.account === WALLET);
  const price = amountText(PRICE, unit);
  return html`<section class="card try-card" aria-labelledby="pay" data-testid="card-pay">
    ${heading('pay', says.pay)}
    ${
      stage === 'idle' || stage === 'opening'
        ? html`<p>${says.payFirst}</p>`
        : html`${bigAmount(account?.spendable ?? 0n, unit, 'balance')}
          ${stage === 'review' ? nothing : coins(scene)}`
    }
    ${stage === 'review' && scene.request ? signing(scene, actions) : nothing}
    ${problem(scene, ['mining', 'ready', 'review', 'sent'])}
    ${
      stage === 'mining' || stage === 'ready'
        ? html`<button
            type="button"
            class="wide ${stage === 'ready' ? 'primary' : ''}"
            data-testid="pay"
            aria-disabled=${stage === 'ready' ? 'false' : 'true'}
            @click=${() => actions.pay()}
          >
            ${says.payButton(price)}
          </button>`
        : nothing
    }
    ${stage === 'mining' ? html`<p class="hint">${says.firstCoin}</p>` : nothing}
    ${stage === 'sending' ? html`<p role="status">${says.signing}</p>` : nothing}
    ${
      scene.txid
        ? html`<p class="cap" data-testid="sent" data-txid=${scene.txid}>
            ${says.sent}
            <hash-text
              .value=${scene.txid}
              .name=${en.chainPage.transaction}
              .head=${8}
              .tail=${6}
              .href=${chainLink(session.network, { transaction: scene.txid })}
            ></hash-text>
          </p>`
        : nothing
    }
  </section>`;
}

/** What is shown is what is signed: the worker of the keys builds the transaction from it. */
function signing(scene: Scene, actions: Actions): TemplateResult | typeof nothing {
  if (!scene.request) return nothing;
  return html`<form
    class="stack"
    novalidate
    @submit=${(e: Event) => {
      e.preventDefault();
      actions.send();
    }}
  >
    ${review(scene.request, scene.unit)}
    ${scene.isOpen ? nothing : passphrase(says.passphraseLabel, says.locked)}
    <button class="primary wide" data-testid="sign">${says.sign}</button>
    <button
      type="button"
      class="quiet wide"
      data-testid="put-away"
      @click=${() => actions.putAway()}
    >
      ${says.putAway}
    </button>
  </form>`;
}

function coins({ session, txid }: Scene): TemplateResult | typeof nothing {
  const entries = session.wallet?.history.slice(0, MOST_SHOWN) ?? [];
  if (!entries.length) return nothing;
  return html`<ul class="coins num" data-testid="coins">
    ${entries.map(
      (entry) =>
        html`<li data-testid="coin" data-txid=${entry.txid}>
          <span>${told(entry)}</span><span>${change(entry, entry.txid === txid)}</span>
        </li>`,
    )}
  </ul>`;
}

function told({ mined, sent, state }: WalletEntry): string {
  const height = state.type === 'mined' ? integer(state.height) : undefined;
  if (mined) return says.coinMined(height);
  return sent > 0n ? says.coinPaid(height) : says.coinCame(height);
}

/** The till's coins are this browser's too, so that only the fee left it: what was paid is shown. */
function change({ received, sent, fee }: WalletEntry, paidTill: boolean): string {
  const units = paidTill ? -(PRICE + (fee ?? 0n)) : received - sent;
  return units < 0n ? `−${formatAmount(-units)}` : `+${formatAmount(units)}`;
}

export function checkCard(scene: Scene, actions: Actions): TemplateResult {
  const { invoice, unit } = scene;
  return html`<section class="card try-card" aria-labelledby="check" data-testid="card-check">
    ${heading('check', says.check)}
    ${invoice ? standing(scene, invoice, unit, actions) : html`<p>${says.checkFirst}</p>`}
  </section>`;
}

function standing(
  scene: Scene,
  invoice: InvoiceView,
  unit: string,
  actions: Actions,
): TemplateResult {
  const { net, work } = scene;
  const colour: Tone = tone(invoice, net);
  const { text, sub } = sentence(invoice, net, unit);
  const { status, request } = invoice;
  const depth = status.type === 'confirming' || status.type === 'settled' ? status.depth : 0;
  const image = colour === 'bad' || colour === 'risk' ? toneShape(colour) : statusShape(invoice);
  const waits = status.type === 'seen' && work.expected !== undefined;
  const over = ['settled', 'expired', 'cancelled'].includes(status.type);
  return html`${steps(invoice, colour)}
    <div
      class="state ${colour}"
      data-testid="status"
      data-status=${status.type}
      data-tone=${colour}
      data-invoice=${invoice.id}
    >
      ${shape(image)}
      <div>
        <b>${text}</b>
        <p>
          <span class="num" data-testid="confirmations" data-depth=${depth}
            >${en.confirmations(depth, request.confirmations)}</span
          >
          ${en.confirmationsWord}${waits ? `; ${says.nextBlock(span(work.expected ?? 0))}` : ''}
        </p>
      </div>
    </div>
    ${sub ? html`<p class="cap">${sub}</p>` : nothing}
    <dl class="facts">
      <div>
        <dt>${says.asks}</dt>
        <dd class="num">${amountText(request.due, unit)}</dd>
      </div>
      <div>
        <dt>${says.asksAt}</dt>
        <dd data-testid="address" data-address=${request.address}>
          <hash-text
            .value=${request.address}
            .name=${en.addressCopy}
            .head=${8}
            .tail=${4}
          ></hash-text>
        </dd>
      </div>
    </dl>
    <p class="cap">${says.believes}</p>
    ${
      over
        ? html`<button type="button" data-testid="again" @click=${() => actions.again()}>
            ${says.again}
          </button>`
        : nothing
    }`;
}
