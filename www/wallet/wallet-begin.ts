// The ways to a wallet: a new one, or one from its phrase.

import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../components/element.ts';
import { en } from '../strings/en.ts';
import { newPassphrase, readNewPassphrase } from './passphrase.ts';
import { WalletPart, goHome, typed } from './part.ts';

const says = en.walletPage;

export class WalletBegin extends WalletPart {
  static override properties = { view: {} };
  declare view: 'home' | 'create' | 'restore';

  constructor() {
    super();
    this.view = 'home';
  }

  override render(): TemplateResult {
    if (this.view === 'create') return this.#create();
    if (this.view === 'restore') return this.#restore();
    return html`<h1 class="sentence" data-testid="sentence">${says.begin.sentence}</h1>
      <p class="sub">${says.begin.sub(en.networkName(this.own.network))}</p>
      <div class="grid wallet-pair">
        <section class="card stack">
          <h2>${says.begin.create}</h2>
          <p>${says.begin.createText}</p>
          <a class="button primary wide" href="#create" data-testid="create"
            >${says.begin.create}</a
          >
        </section>
        <section class="card stack">
          <h2>${says.begin.restore}</h2>
          <p>${says.begin.restoreText}</p>
          <a class="button wide" href="#restore" data-testid="restore">${says.begin.restore}</a>
        </section>
      </div>`;
  }

  #create(): TemplateResult {
    return html`<h1 class="sentence" data-testid="sentence">${says.create.sentence}</h1>
      <p class="sub">${says.create.sub}</p>
      <form class="card stack narrow" @submit=${(e: Event) => this.#make(e)} novalidate>
        ${newPassphrase(this.usualPassphrase)}
        <fieldset>
          <legend>${says.create.words}</legend>
          <div class="row">
            ${(['12', '24'] as const).map(
              (count) =>
                html`<label class="tick"
                  ><input
                    type="radio"
                    name="words"
                    value=${count}
                    data-testid="field-words-${count}"
                    .defaultChecked=${count === '12'}
                  />${count}</label
                >`,
            )}
          </div>
        </fieldset>
        ${this.problem('passphrase')}
        <div class="row">
          <button class="primary" data-testid="make-wallet" ?disabled=${this.busy}>
            ${this.busy ? says.create.making : says.create.make}
          </button>
          ${this.#back()}
        </div>
      </form>`;
  }

  #restore(): TemplateResult {
    return html`<h1 class="sentence" data-testid="sentence">${says.restore.sentence}</h1>
      <p class="sub">${says.restore.sub}</p>
      <form class="card stack narrow" @submit=${(e: Event) => this.#bring(e)} novalidate>
        <div class="field">
          <label for="phrase">${says.restore.phrase}</label>
          <textarea
            id="phrase"
            rows="4"
            data-testid="field-phrase"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            maxlength="400"
            aria-describedby="phrase-hint"
          ></textarea>
          <p class="hint" id="phrase-hint">${says.restore.phraseHint}</p>
        </div>
        ${newPassphrase(this.usualPassphrase)} ${this.problem('phrase')}
        <div class="row">
          <button class="primary" data-testid="restore-wallet" ?disabled=${this.busy}>
            ${this.busy ? says.restore.making : says.restore.make}
          </button>
          ${this.#back()}
        </div>
      </form>`;
  }

  #back(): TemplateResult | typeof nothing {
    return this.busy ? nothing : html`<a class="button" href="#" data-testid="back">${en.back}</a>`;
  }

  async #make(event: Event): Promise<void> {
    event.preventDefault();
    await this.attempt(async () => {
      const passphrase = readNewPassphrase(this, this.usualPassphrase);
      const long = this.querySelector<HTMLInputElement>('input[value="24"]')?.checked ?? false;
      const words = await this.own.create(passphrase, long ? 24 : 12);
      this.dispatchEvent(new CustomEvent<string[]>('made', { detail: words }));
    });
  }

  async #bring(event: Event): Promise<void> {
    event.preventDefault();
    await this.attempt(async () => {
      const words = typed(this, 'phrase').trim().toLowerCase().split(/\s+/).filter(Boolean);
      if (words.length !== 12 && words.length !== 24)
        throw new Error(says.restore.count(words.length));
      const from = location.hash;
      await this.own.restore(words.join(' '), readNewPassphrase(this, this.usualPassphrase));
      goHome(from);
    });
  }
}
define('wallet-begin', WalletBegin);
