// The phrase, to be written down, and then to be repeated in part: a phrase that nobody wrote down
// is found out now, and not when it is needed.

import { html, nothing, type TemplateResult } from 'lit';
import '../components/confirm-phrase.ts';
import { define } from '../components/element.ts';
import '../components/phrase-view.ts';
import { en } from '../strings/en.ts';
import { WalletPart } from './part.ts';

const says = en.walletPage.phrase;

export class WalletPhrase extends WalletPart {
  static override properties = { words: {}, checking: { state: true } };
  declare words: string[];
  declare checking: boolean;

  constructor() {
    super();
    this.words = [];
    this.checking = false;
  }

  override render(): TemplateResult {
    return html`<h1 class="sentence" data-testid="sentence">
        ${this.checking ? says.checkSentence : says.sentence}
      </h1>
      <section class="card stack narrow">
        ${this.checking ? this.#check() : this.#show()} ${this.problem('phrase')}
      </section>`;
  }

  #show(): TemplateResult {
    return html`<phrase-view .words=${this.words}></phrase-view>
      <div class="row">
        <button
          type="button"
          class="primary"
          data-testid="phrase-written"
          @click=${() => (this.checking = true)}
        >
          ${says.written}
        </button>
        ${
          this.practice
            ? html`<button type="button" data-testid="phrase-later" @click=${() => this.#done()}>
                ${says.later}
              </button>`
            : nothing
        }
      </div>
      ${this.practice ? html`<p class="hint">${says.laterPractice}</p>` : nothing}`;
  }

  #check(): TemplateResult {
    return html`<confirm-phrase
        .words=${this.words}
        @phrase-confirmed=${() => this.#confirmed()}
      ></confirm-phrase>
      <div class="row">
        <button type="button" data-testid="phrase-again" @click=${() => (this.checking = false)}>
          ${says.again}
        </button>
      </div>`;
  }

  async #confirmed(): Promise<void> {
    if (await this.attempt(() => this.own.confirm())) this.#done();
  }

  #done(): void {
    this.words = [];
    this.dispatchEvent(new CustomEvent('done'));
  }
}
define('wallet-phrase', WalletPhrase);
