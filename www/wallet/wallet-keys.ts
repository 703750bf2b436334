// The phrase, the passphrase, and the end of a wallet in this browser.

import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../components/element.ts';
import { shape } from '../components/icons.ts';
import '../components/phrase-view.ts';
import { unlock } from '../components/unlock-dialog.ts';
import '../till/ask-first.ts';
import type { AskFirst } from '../till/ask-first.ts';
import { en } from '../strings/en.ts';
import { givenPassphrase, newPassphrase, readNewPassphrase } from './passphrase.ts';
import { WalletPart, goHome, typed } from './part.ts';

const says = en.walletPage.keys;

export class WalletKeys extends WalletPart {
  static override properties = {
    words: { state: true },
    where: { state: true },
    said: { state: true },
  };
  declare words: string[];
  declare where: 'show' | 'change' | 'wipe';
  declare said: string;

  constructor() {
    super();
    this.words = [];
    this.where = 'show';
    this.said = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.words = [];
  }

  override render(): TemplateResult {
    const confirmed = this.own.vault?.confirmed === true;
    return html`<h1 class="sentence" data-testid="sentence">${says.sentence}</h1>
      <p class="sub">${says.sub}</p>
      ${this.said ? html`<p class="said-so" role="status" data-testid="said-so">${this.said}</p>` : nothing}
      <div class="grid wallet-pair">
        <section class="card stack">
          <h2>${says.show}</h2>
          <p class="row" data-testid="phrase-state" data-confirmed=${String(confirmed)}>
            <span class="tag ${confirmed ? 'wait' : 'risk'}"
              >${shape(confirmed ? 'check' : 'triangle')}${
                confirmed ? en.walletPage.phrase.confirmed : en.walletPage.phrase.notConfirmed
              }</span
            >
          </p>
          ${this.words.length ? this.#phrase(confirmed) : this.#ask()}
        </section>
        <div class="stack">${this.#lock()} ${this.#change()} ${this.#wipe()}</div>
      </div>
      <p>${this.backLink()}</p>
      <ask-first></ask-first>`;
  }

  #ask(): TemplateResult {
    return html`<p>${says.showText}</p>
      <form class="stack" @submit=${(e: Event) => this.#show(e)} novalidate>
        ${givenPassphrase(this.usualPassphrase)} ${this.#wrong('show')}
        <div class="row">
          <button class="primary" data-testid="show-phrase" ?disabled=${this.busy}>
            ${this.busy && this.where === 'show' ? says.opening : says.show}
          </button>
        </div>
      </form>`;
  }

  #phrase(confirmed: boolean): TemplateResult {
    return html`<phrase-view .words=${this.words}></phrase-view>
      <div class="row">
        ${
          confirmed
            ? nothing
            : html`<button
                type="button"
                class="primary"
                data-testid="repeat-phrase"
                @click=${() =>
                  this.dispatchEvent(new CustomEvent<string[]>('repeat', { detail: this.words }))}
              >
                ${en.walletPage.phrase.confirmNow}
              </button>`
        }
        <button type="button" data-testid="hide-phrase" @click=${() => (this.words = [])}>
          ${says.hide}
        </button>
      </div>`;
  }

  #lock(): TemplateResult {
    const { isOpen } = this.own;
    return html`<section class="card stack">
      <h2>${isOpen ? en.walletPage.actions.lock : en.walletPage.actions.unlock}</h2>
      <p class="lock-line" data-testid="lock-state" data-state=${isOpen ? 'open' : 'locked'}>
        ${shape(isOpen ? 'unlock' : 'lock')}<span
          >${isOpen ? en.walletPage.open : en.walletPage.locked}</span
        >
      </p>
      ${
        isOpen
          ? html`<div class="row">
              <button type="button" data-testid="lock" @click=${() => this.own.lock()}>
                ${en.walletPage.actions.lock}
              </button>
            </div>`
          : html`<div class="row">
              <button type="button" data-testid="open-unlock" @click=${() => this.#unlock()}>
                ${en.walletPage.actions.unlock}
              </button>
            </div>`
      }
    </section>`;
  }

  #change(): TemplateResult {
    return html`<details class="card fold">
      <summary data-testid="change-passphrase">${says.change}</summary>
      <form class="stack" id="change" @submit=${(e: Event) => this.#changeIt(e)} novalidate>
        <p>${says.changeText}</p>
        <div class="field">
          <label for="old-passphrase">${says.old}</label>
          <input
            id="old-passphrase"
            data-testid="field-old-passphrase"
            type="password"
            autocomplete="current-password"
            maxlength="200"
          />
        </div>
        ${newPassphrase('', 'new-')} ${this.#wrong('change')}
        <div class="row">
          <button data-testid="save-passphrase" ?disabled=${this.busy}>${says.change}</button>
        </div>
      </form>
    </details>`;
  }

  #wipe(): TemplateResult {
    return html`<details class="card fold">
      <summary data-testid="wipe-fold">${says.wipeFold}</summary>
      <div class="stack">
        <p>${says.wipeText}</p>
        ${this.#wrong('wipe')}
        <div class="row">
          <button
            type="button"
            data-testid="wipe"
            ?disabled=${this.busy}
            @click=${() => this.#forget()}
          >
            ${says.wipe}
          </button>
        </div>
      </div>
    </details>`;
  }

  #wrong(where: WalletKeys['where']): TemplateResult | typeof nothing {
    return this.where === where ? this.problem(where) : nothing;
  }

  async #show(event: Event): Promise<void> {
    event.preventDefault();
    this.where = 'show';
    await this.attempt(async () => {
      this.words = await this.own.phrase(typed(this, 'passphrase'));
    });
  }

  async #unlock(): Promise<void> {
    await unlock(this.own.network);
    this.requestUpdate();
  }

  async #changeIt(event: Event): Promise<void> {
    event.preventDefault();
    this.where = 'change';
    this.said = '';
    const done = await this.attempt(() =>
      this.own.changePassphrase(typed(this, 'old-passphrase'), readNewPassphrase(this, '', 'new-')),
    );
    if (!done) return;
    this.querySelector<HTMLFormElement>('#change')?.reset();
    this.said = says.changed;
  }

  async #forget(): Promise<void> {
    const safe = this.own.vault?.confirmed === true;
    const sure = await this.querySelector<AskFirst>('ask-first')?.ask({
      title: says.wipeTitle,
      text: safe ? says.wipeText : `${says.wipeText} ${says.wipeUnconfirmed}`,
      confirm: says.wipeConfirm,
    });
    if (!sure) return;
    this.where = 'wipe';
    await this.attempt(async () => {
      const from = location.hash;
      await this.own.wipe();
      goHome(from);
    });
  }
}
define('wallet-keys', WalletKeys);
