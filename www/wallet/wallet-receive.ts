// An address that was never given to anybody, with its code. The index is taken before it is shown.

import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../components/element.ts';
import '../components/hash-text.ts';
import { shape } from '../components/icons.ts';
import '../components/qr-code.ts';
import { parseAmount } from '../lib/amount.ts';
import { shorten } from '../lib/format.ts';
import { WALLET } from '../lib/own-wallet.ts';
import type { WalletKey } from '../lib/messages.ts';
import { paymentLink } from '../lib/payment-link.ts';
import { LONGEST_LABEL } from '../lib/route.ts';
import { en } from '../strings/en.ts';
import { WalletPart } from './part.ts';

const says = en.walletPage.receive;

export class WalletReceive extends WalletPart {
  static override properties = {
    key: { state: true },
    amount: { state: true },
    label: { state: true },
    said: { state: true },
  };
  declare key: WalletKey | undefined;
  declare amount: string;
  declare label: string;
  declare said: string;

  constructor() {
    super();
    this.amount = '';
    this.label = '';
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.own.mayReceive) void this.#take(false);
  }

  /** The store of this tab alone: two tabs never show one address. */
  get #shelf(): string {
    return `farthing.receive.${this.own.network}`;
  }

  override render(): TemplateResult {
    const heading = html`<h1 class="sentence" data-testid="sentence">${says.sentence}</h1>
      <p class="sub">${says.sub}</p>`;
    if (!this.own.mayReceive)
      return html`${heading}
        <ul class="notices">
          <li class="risk" data-testid="phrase-unconfirmed">
            ${shape('triangle')}<span>${en.walletPage.phrase.confirmFirst}</span>
            <a class="button primary" href="#keys">${en.walletPage.phrase.confirmNow}</a>
          </li>
        </ul>
        ${this.backLink()}`;
    if (!this.key)
      return html`${heading}${this.error ? this.problem('address') : html`<p class="cap">${says.making}</p>`}
        <p>${this.backLink()}</p>`;
    return html`${heading}
      <div class="grid wallet-pair">${this.#code(this.key)} ${this.#ask()}</div>`;
  }

  #code(key: WalletKey): TemplateResult {
    const { address, path } = key;
    return html`<section class="card code">
      <qr-code .uri=${this.#link(key)} .label=${says.code(shorten(address))}></qr-code>
      ${
        this.#paid
          ? html`<p class="row"><span class="tag wait">${shape('eye')}${says.paid}</span></p>`
          : nothing
      }
      <div class="row address" data-testid="address" data-address=${address}>
        <hash-text .value=${address} .name=${en.addressCopy} .head=${14} .tail=${8}></hash-text>
      </div>
      <dl class="sums">
        <div>
          <dt>${says.path}</dt>
          <dd class="hash" data-testid="key-path">${says.index(path.account, path.index)}</dd>
        </div>
      </dl>
      <button type="button" class="wide" @click=${() => this.#copy(key)}>
        ${this.said || says.copyLink}
      </button>
    </section>`;
  }

  #ask(): TemplateResult {
    return html`<div class="stack">
      <form class="card stack" @submit=${(e: Event) => e.preventDefault()}>
        <div class="field">
          <label for="receive-amount">${says.amount(this.unit)}</label>
          <input
            id="receive-amount"
            class="num"
            data-testid="field-receive-amount"
            inputmode="decimal"
            autocomplete="off"
            maxlength="24"
            .value=${this.amount}
            @input=${(e: InputEvent) => this.#typed((e.target as HTMLInputElement).value)}
          />
          ${this.problem('receive-amount')}
        </div>
        <div class="field">
          <label for="receive-label">${says.label}</label>
          <input
            id="receive-label"
            data-testid="field-receive-label"
            autocomplete="off"
            maxlength=${LONGEST_LABEL}
            .value=${this.label}
            @input=${(e: InputEvent) => (this.label = (e.target as HTMLInputElement).value)}
          />
        </div>
      </form>
      <div class="row">
        ${this.backLink()}
        <button
          type="button"
          data-testid="fresh-address"
          ?disabled=${this.busy}
          @click=${() => this.#take(true)}
        >
          ${says.fresh}
        </button>
      </div>
    </div>`;
  }

  get #paid(): boolean {
    const account = this.session.wallet?.accounts.find((one) => one.account === WALLET);
    return this.key !== undefined && (account?.nextIndex ?? 0) > this.key.path.index;
  }

  #typed(text: string): void {
    this.amount = text;
    const parsed = parseAmount(text);
    this.error =
      'problem' in parsed && parsed.problem !== 'empty' ? en.amountProblems[parsed.problem] : '';
  }

  #link(key: WalletKey): string {
    const parsed = parseAmount(this.amount);
    return paymentLink({
      address: key.address,
      ...('units' in parsed ? { units: parsed.units } : {}),
      ...(this.label.trim() ? { label: this.label.trim() } : {}),
      network: this.own.network,
    });
  }

  /** The address that this tab showed last, while nobody has paid it; else another. */
  async #take(another: boolean): Promise<void> {
    await this.attempt(async () => {
      const stored = another ? null : sessionStorage.getItem(this.#shelf);
      if (stored !== null && /^\d{1,9}$/.test(stored)) {
        this.key = this.own.keyAt(WALLET, Number(stored));
        if (this.key && !this.#paid) return;
      }
      this.key = await this.own.freshKey(WALLET);
      sessionStorage.setItem(this.#shelf, String(this.key.path.index));
    });
  }

  async #copy(key: WalletKey): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#link(key));
      this.said = en.copied;
      setTimeout(() => (this.said = ''), 2000);
    } catch {
      this.error = `${en.cannotCopy}: ${this.#link(key)}`;
    }
  }
}
define('wallet-receive', WalletReceive);
