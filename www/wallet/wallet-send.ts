// Sending: who and how much, then the request as it will be signed, then signed and sent. Nothing is
// signed that was not on show.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { amountText } from '../components/amount.ts';
import { define } from '../components/element.ts';
import '../components/hash-text.ts';
import { shape } from '../components/icons.ts';
import { unlock } from '../components/unlock-dialog.ts';
import { formatAmount, parseAmount } from '../lib/amount.ts';
import type { AccountView, SpendRequest } from '../lib/messages.ts';
import { WALLET } from '../lib/own-wallet.ts';
import {
  parsePaymentLink,
  type PaymentLink,
  type PaymentLinkProblem,
} from '../lib/payment-link.ts';
import { LONGEST_LINK, chainLink } from '../lib/route.ts';
import { en } from '../strings/en.ts';
import { accountName } from './balance.ts';
import { WalletPart } from './part.ts';
import { review } from './review.ts';

const says = en.walletPage;
/** No node asks for more than a coin for 1,000 bytes. */
const HIGHEST_RATE = 100_000_000n;

/** What is wrong with a link, as a sentence. */
const wrong = (problem: PaymentLinkProblem): string =>
  (says.link[problem.type] as (problem: PaymentLinkProblem) => string)(problem);

export class WalletSend extends WalletPart {
  static override properties = {
    pay: {},
    raise: {},
    to: { state: true },
    amount: { state: true },
    all: { state: true },
    rate: { state: true },
    account: { state: true },
    request: { state: true },
    sent: { state: true },
    where: { state: true },
  };
  /** A link that fills in. */
  declare pay: string | undefined;
  /** A transaction whose fee is raised. */
  declare raise: string | undefined;
  declare to: string;
  declare amount: string;
  declare all: boolean;
  declare rate: string;
  declare account: number;
  /** What is to be signed, once it is on show. */
  declare request: SpendRequest | undefined;
  /** The transaction that was sent. */
  declare sent: string;
  /** The field that the error is about. */
  declare where: string;

  constructor() {
    super();
    this.to = '';
    this.amount = '';
    this.all = false;
    this.rate = '';
    this.account = WALLET;
    this.sent = '';
    this.where = 'to';
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('pay') && this.pay) this.#take(this.pay);
    // The wallet's coins, unless there are none and the till has some.
    if (!this.#view?.spendable) this.account = this.#accounts[0]?.account ?? WALLET;
  }

  get #view(): AccountView | undefined {
    return this.session.wallet?.accounts.find(({ account }) => account === this.account);
  }

  /** Accounts with coins, the wallet's first. */
  get #accounts(): AccountView[] {
    return (this.session.wallet?.accounts ?? []).filter(({ spendable }) => spendable > 0n);
  }

  override render(): TemplateResult {
    if (this.sent) return this.#done();
    if (this.request) return this.#review(this.request);
    return this.raise ? this.#raise(this.raise) : this.#form();
  }

  #form(): TemplateResult {
    const spendable = this.#view?.spendable ?? 0n;
    return html`<h1 class="sentence" data-testid="sentence">${says.send.sentence}</h1>
      <p class="sub num" data-testid="can-spend" data-units=${spendable.toString()}>
        ${spendable > 0n ? says.send.sub(amountText(spendable, this.unit)) : says.send.nothing}
      </p>
      ${
        this.pay
          ? html`<ul class="notices">
              <li class="risk">${shape('triangle')}<span>${says.send.fromLink}</span></li>
            </ul>`
          : nothing
      }
      <form class="card stack narrow" @submit=${(e: Event) => this.#prepare(e)} novalidate>
        ${this.#from()}
        <div class="field">
          <label for="to">${says.send.to}</label>
          <textarea
            id="to"
            class="hash"
            rows="2"
            data-testid="field-to"
            maxlength=${LONGEST_LINK}
            spellcheck="false"
            autocapitalize="off"
            autocomplete="off"
            aria-describedby="to-hint"
            aria-invalid=${this.error && this.where === 'to' ? 'true' : 'false'}
            .value=${this.to}
            @input=${(e: InputEvent) => this.#take((e.target as HTMLTextAreaElement).value)}
          ></textarea>
          <p class="hint" id="to-hint">${says.send.toHint}</p>
          ${this.#wrong('to')}
        </div>
        <div class="field">
          <label for="amount">${says.send.amount(this.unit)}</label>
          <input
            id="amount"
            class="num"
            data-testid="field-send-amount"
            inputmode="decimal"
            autocomplete="off"
            maxlength="24"
            ?disabled=${this.all}
            placeholder=${formatAmount(0n)}
            aria-invalid=${this.error && this.where === 'amount' ? 'true' : 'false'}
            .value=${this.all ? '' : this.amount}
            @input=${(e: InputEvent) => (this.amount = (e.target as HTMLInputElement).value)}
          />
          <label class="tick"
            ><input
              type="checkbox"
              data-testid="field-all"
              .checked=${this.all}
              @change=${(e: Event) => (this.all = (e.target as HTMLInputElement).checked)}
            />${says.send.all}</label
          >
          ${this.#wrong('amount')}
        </div>
        <details class="more">
          <summary data-testid="fee-fold">${says.send.fee}</summary>
          ${this.#rate()}
        </details>
        ${this.#wrong('send')}
        <div class="row">
          <button class="primary" data-testid="review-payment" ?disabled=${this.busy}>
            ${this.busy ? says.send.preparing : says.send.review}
          </button>
          ${this.backLink()}
        </div>
      </form>`;
  }

  #from(): TemplateResult | typeof nothing {
    const accounts = this.#accounts;
    if (accounts.length < 2 && this.account === WALLET) return nothing;
    return html`<div class="field">
      <label for="from">${says.send.from}</label>
      <select
        id="from"
        data-testid="field-from"
        @change=${(e: Event) => (this.account = Number((e.target as HTMLSelectElement).value))}
      >
        ${accounts.map(
          ({ account, spendable }) =>
            html`<option value=${account} ?selected=${account === this.account}>
              ${accountName(account)}: ${amountText(spendable, this.unit)}
            </option>`,
        )}
      </select>
    </div>`;
  }

  #rate(): TemplateResult {
    return html`<div class="field">
      <label for="rate">${says.send.feeRate}</label>
      <input
        id="rate"
        class="num"
        data-testid="field-fee-rate"
        inputmode="numeric"
        autocomplete="off"
        maxlength="12"
        aria-describedby="rate-hint"
        .value=${this.rate}
        @input=${(e: InputEvent) => (this.rate = (e.target as HTMLInputElement).value)}
      />
      <p class="hint" id="rate-hint">${says.send.feeRateHint}</p>
      ${this.#wrong('fee-rate')}
    </div>`;
  }

  #raise(txid: string): TemplateResult {
    const entry = this.session.wallet?.history.find((one) => one.txid === txid);
    const can = entry?.state.type === 'unconfirmed' && entry.state.replaceable;
    return html`<h1 class="sentence" data-testid="sentence">${says.history.raise}</h1>
      <p class="sub">${can ? says.review.replaceSub : says.raise.gone}</p>
      <form class="card stack narrow" @submit=${(e: Event) => this.#prepare(e)} novalidate>
        <p><hash-text .value=${txid} .name=${en.chainPage.transaction}></hash-text></p>
        ${this.#rate()} ${this.#wrong('send')}
        <div class="row">
          <button class="primary" data-testid="review-payment" ?disabled=${this.busy || !can}>
            ${this.busy ? says.send.preparing : says.send.review}
          </button>
          ${this.backLink()}
        </div>
      </form>`;
  }

  #review(request: SpendRequest): TemplateResult {
    const { isOpen } = this.own;
    const again = request.replaces !== null;
    return html`<h1 class="sentence" data-testid="sentence">
        ${again ? says.review.replaceSentence : says.review.sentence}
      </h1>
      <p class="sub">${again ? says.review.replaceSub : says.review.sub}</p>
      <form class="stack narrow" @submit=${(e: Event) => this.#sign(e, request)} novalidate>
        ${review(request, this.unit)} ${this.#wrong('sign')}
        <div class="row">
          <button class="primary" data-testid="sign" ?disabled=${this.busy}>
            ${this.busy ? says.review.signing : isOpen ? says.review.sign : says.review.unlock}
          </button>
          <button
            type="button"
            data-testid="change-payment"
            ?disabled=${this.busy}
            @click=${() => (this.request = undefined)}
          >
            ${says.review.back}
          </button>
        </div>
      </form>`;
  }

  #done(): TemplateResult {
    return html`<h1 class="sentence" data-testid="sentence">${says.sent.sentence}</h1>
      <p class="sub">${says.sent.sub}</p>
      <section class="card stack narrow">
        <h2>${says.sent.transaction}</h2>
        <p data-testid="sent" data-txid=${this.sent}>
          <hash-text
            .value=${this.sent}
            .name=${en.chainPage.transaction}
            .href=${chainLink(this.own.network, { transaction: this.sent })}
          ></hash-text>
        </p>
        <div class="row">
          <a class="button primary" href="#" data-testid="back">${says.actions.back}</a>
        </div>
      </section>`;
  }

  #wrong(field: string): TemplateResult | typeof nothing {
    return this.where === field ? this.problem(field) : nothing;
  }

  /** Takes what was typed or pasted; a link fills in its amount. */
  #take(text: string): void {
    this.to = text;
    this.error = '';
    const parsed = parsePaymentLink(text);
    if ('link' in parsed && parsed.link.units !== undefined) {
      this.amount = formatAmount(parsed.link.units);
      this.all = false;
    }
  }

  async #prepare(event: Event): Promise<void> {
    event.preventDefault();
    const asked = this.raise ? undefined : this.#read();
    if (asked === null) return;
    const rate = this.#readRate();
    if (rate === undefined) return;
    this.where = 'send';
    await this.attempt(async () => {
      this.request = asked
        ? await this.own.prepare(this.account, asked.link.address, asked.amount, rate)
        : await this.own.prepareReplacement(this.raise ?? '', this.account, rate);
    });
    this.#top();
  }

  /** Who and how much, or nothing, with the error said. */
  #read(): { link: PaymentLink; amount: bigint | null } | null {
    const parsed = parsePaymentLink(this.to);
    if ('problem' in parsed) return this.#refuse('to', wrong(parsed.problem));
    const { network } = parsed.link;
    if (network && network !== this.own.network)
      return this.#refuse(
        'to',
        says.send.otherNetwork(en.networkName(network), en.networkName(this.own.network)),
      );
    if (this.all) return { link: parsed.link, amount: null };
    const amount = parseAmount(this.amount);
    if ('problem' in amount) return this.#refuse('amount', en.amountProblems[amount.problem]);
    return { link: parsed.link, amount: amount.units };
  }

  /** The rate that was typed; null: none. */
  #readRate(): bigint | null | undefined {
    const text = this.rate.trim();
    if (text === '') return null;
    const rate = /^\d{1,12}$/.test(text) ? BigInt(text) : 0n;
    if (rate >= 1n && rate <= HIGHEST_RATE) return rate;
    this.#refuse('fee-rate', says.send.feeRateBad);
    return undefined;
  }

  #refuse(field: string, why: string): null {
    this.where = field;
    this.error = why;
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
    );
    return null;
  }

  async #sign(event: Event, request: SpendRequest): Promise<void> {
    event.preventDefault();
    this.where = 'sign';
    await this.attempt(async () => {
      if (!(await unlock(this.own.network))) return;
      this.sent = await this.own.send(request);
    });
    if (this.sent) this.#top();
  }

  #top(): void {
    if (this.error) return;
    void this.updateComplete.then(() => {
      const heading = this.querySelector<HTMLElement>('h1');
      if (!heading) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      scrollTo(0, 0);
    });
  }
}
define('wallet-send', WalletSend);
