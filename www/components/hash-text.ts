// A hash or an address: shortened in the middle, copyable, the whole of it one press away.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from './element.ts';
import { shape } from './icons.ts';
import { shorten } from '../lib/format.ts';
import { en } from '../strings/en.ts';

export class HashText extends LightElement {
  static override properties = {
    value: {},
    name: {},
    href: {},
    head: { type: Number },
    tail: { type: Number },
    whole: { state: true },
    said: { state: true },
  };
  declare value: string;
  /** What it is, for the button's label. */
  declare name: string;
  /** Where it leads, if anywhere. */
  declare href: string;
  declare head: number;
  declare tail: number;
  declare whole: boolean;
  declare said: string;
  #timer = 0;

  constructor() {
    super();
    this.value = '';
    this.name = en.chainPage.hash;
    this.href = '';
    this.head = 10;
    this.tail = 8;
    this.whole = false;
    this.said = '';
  }

  override render(): TemplateResult {
    const text = this.whole ? this.value : shorten(this.value, this.head, this.tail);
    return html`<span class="hash-text"
      >${
        this.href
          ? html`<a class="hash" href=${this.href} title=${this.value}>${text}</a>`
          : html`<button
              type="button"
              class="hash plain"
              aria-expanded=${this.whole ? 'true' : 'false'}
              title=${en.show}
              @click=${() => (this.whole = !this.whole)}
            >
              ${text}
            </button>`
      }<button
        type="button"
        class="icon"
        aria-label="${en.copy}: ${this.name}"
        @click=${() => this.#copy()}
      >
        ${shape('copy')}</button
      >${this.said ? html`<span class="said-so" role="status">${this.said}</span>` : nothing}</span
    >`;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.value);
      this.said = en.copied;
    } catch {
      // Plain http on a LAN has no clipboard: show all of it to be selected.
      this.whole = true;
      this.said = en.cannotCopy;
    }
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.said = ''), 2500);
  }
}
define('hash-text', HashText);
