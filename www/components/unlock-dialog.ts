// Asks for the passphrase, and opens the wallet: `await unlock(network)` from anywhere in a page.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from './element.ts';
import { KeysError, keysOf, type Keys } from '../lib/keys.ts';
import { isPractice } from '../lib/networks.ts';
import { PRACTICE_PASSPHRASE, openWallet } from '../lib/vault.ts';
import { en } from '../strings/en.ts';

const says = en.keys.unlock;

export class UnlockDialog extends LightElement {
  static override properties = {
    network: { state: true },
    busy: { state: true },
    problem: { state: true },
    shown: { state: true },
  };
  declare network: string;
  declare busy: boolean;
  declare problem: string;
  declare shown: boolean;
  #answer: (keys: Keys | undefined) => void = () => {};
  #asking: Promise<Keys | undefined> | undefined;

  constructor() {
    super();
    this.network = '';
    this.busy = false;
    this.problem = '';
    this.shown = false;
  }

  /** The open keys of a network; none where the person would rather not. */
  ask(network: string): Promise<Keys | undefined> {
    this.#asking ??= this.#ask(network).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(network: string): Promise<Keys | undefined> {
    const keys = keysOf(network);
    if (keys.isOpen) return keys;
    this.network = network;
    this.problem = '';
    this.shown = false;
    await this.updateComplete;
    const dialog = this.querySelector('dialog');
    const field = this.#field;
    if (!dialog || !field) return undefined;
    field.value = isPractice(network) ? PRACTICE_PASSPHRASE : '';
    dialog.showModal();
    field.select();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  get #field(): HTMLInputElement | null {
    return this.querySelector('input[name="passphrase"]');
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const field = this.#field;
    if (!field || this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      const keys = await openWallet(this.network, field.value);
      this.#close(keys);
    } catch (error) {
      const wrong = error instanceof KeysError && error.wrongPassphrase;
      this.problem = wrong ? says.wrong : error instanceof Error ? error.message : String(error);
      field.select();
    } finally {
      this.busy = false;
    }
  }

  #close(keys: Keys | undefined): void {
    // What was typed stays in no field.
    const field = this.#field;
    if (field) field.value = '';
    this.#answer(keys);
    this.#answer = () => {};
    this.querySelector('dialog')?.close();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="unlock-title" @close=${() => this.#close(undefined)}>
      <form class="stack" @submit=${(event: Event) => void this.#submit(event)}>
        <h2 id="unlock-title">${says.title}</h2>
        <p>${says.text}</p>
        <div class="field">
          <label for="unlock-passphrase">${says.passphrase}</label>
          <input
            id="unlock-passphrase"
            name="passphrase"
            type=${this.shown ? 'text' : 'password'}
            autocomplete="current-password"
            autocapitalize="none"
            spellcheck="false"
            autofocus
            required
            aria-invalid=${this.problem ? 'true' : nothing}
            aria-describedby="unlock-hint unlock-problem"
            data-testid="unlock-passphrase"
          />
          <p id="unlock-hint" class="hint">${isPractice(this.network) ? says.practice : nothing}</p>
          <label class="row">
            <input
              type="checkbox"
              .checked=${this.shown}
              @change=${(e: Event) => (this.shown = (e.target as HTMLInputElement).checked)}
            />${says.show}
          </label>
          <p id="unlock-problem" class="error" role="alert" data-testid="unlock-problem">
            ${this.problem}
          </p>
        </div>
        <div class="row">
          <button class="primary" ?disabled=${this.busy} data-testid="unlock">
            ${this.busy ? says.unlocking : says.unlock}
          </button>
          <button type="button" @click=${() => this.#close(undefined)} data-testid="unlock-cancel">
            ${says.cancel}
          </button>
        </div>
      </form>
    </dialog>`;
  }
}
define('unlock-dialog', UnlockDialog);

/** The open keys of a network, after a question where they are locked; none: the person declined. */
export async function unlock(network: string): Promise<Keys | undefined> {
  let dialog = document.querySelector<UnlockDialog>('unlock-dialog');
  if (!dialog) {
    dialog = document.createElement('unlock-dialog') as UnlockDialog;
    document.body.append(dialog);
  }
  await dialog.updateComplete;
  return dialog.ask(network);
}
