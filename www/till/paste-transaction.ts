// A transaction that a customer shows: the till may have been away when it was announced.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import type { Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';

export class PasteTransaction extends LightElement {
  static override properties = {
    said: { state: true },
    error: { state: true },
    busy: { state: true },
  };
  declare session: Session;
  declare said: string;
  declare error: string;
  declare busy: boolean;

  constructor() {
    super();
    this.said = '';
    this.error = '';
    this.busy = false;
  }

  override render(): TemplateResult {
    return html`<details class="card fold" data-testid="paste">
      <summary>${en.paste.title}</summary>
      <form @submit=${(e: Event) => this.#submit(e)}>
        <div class="field">
          <label for="transaction">${en.paste.field}</label>
          <textarea
            id="transaction"
            class="hash"
            rows="4"
            data-testid="field-transaction"
            spellcheck="false"
            autocapitalize="off"
            aria-describedby="transaction-hint"
          ></textarea>
          <p class="hint" id="transaction-hint">${en.paste.hint}</p>
        </div>
        <div class="row">
          <button data-testid="submit-transaction" ?disabled=${this.busy}>${en.paste.send}</button>
          <span role="status" class="cap">${this.said}</span>
        </div>
        ${this.error ? html`<p class="error" role="alert" data-testid="error" data-field="transaction">${this.error}</p>` : nothing}
      </form>
    </details>`;
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const field = this.querySelector('textarea');
    const hex = (field?.value ?? '').replace(/\s+/g, '');
    this.said = '';
    this.error = '';
    if (!/^([0-9a-f]{2})+$/i.test(hex)) return void (this.error = en.paste.empty);
    this.busy = true;
    try {
      await this.session.request({ type: 'submitTransaction', hex });
      this.said = en.paste.done;
      if (field) field.value = '';
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }
}
define('paste-transaction', PasteTransaction);
