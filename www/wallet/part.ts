// What the views of the wallet share: the wallet, the session, one error and one thing at a time.

import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { LightElement } from '../components/element.ts';
import { isPractice } from '../lib/networks.ts';
import type { OwnWallet } from '../lib/own-wallet.ts';
import { Following, type Session } from '../lib/session.ts';
import { PRACTICE_PASSPHRASE } from '../lib/vault.ts';
import { en } from '../strings/en.ts';

/** Of a passphrase, in characters. */
export const SHORTEST_PASSPHRASE = 8;

export abstract class WalletPart extends LightElement {
  static override properties: PropertyDeclarations = {
    error: { state: true },
    busy: { state: true },
  };
  declare session: Session;
  declare own: OwnWallet;
  declare error: string;
  declare busy: boolean;
  #leave: () => void = () => {};

  constructor() {
    super();
    this.error = '';
    this.busy = false;
    new Following(this, () => this.session, false);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.own.watch(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  protected get unit(): string {
    return this.session.chain?.unit ?? 'FTH';
  }

  protected get practice(): boolean {
    return isPractice(this.own.network);
  }

  protected get usualPassphrase(): string {
    return this.practice ? PRACTICE_PASSPHRASE : '';
  }

  /** Does one thing, and says why if it could not be done. */
  protected async attempt(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = '';
    try {
      await work();
      return true;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  protected problem(field: string): TemplateResult | typeof nothing {
    return this.error
      ? html`<p class="error" role="alert" data-testid="error" data-field=${field}>
          ${this.error}
        </p>`
      : nothing;
  }

  protected backLink(): TemplateResult {
    return html`<a class="button" href="#" data-testid="back">${en.walletPage.actions.back}</a>`;
  }
}

/** The text of a field, by its id. */
export const typed = (host: HTMLElement, id: string): string =>
  host.querySelector<HTMLInputElement | HTMLTextAreaElement>(`#${id}`)?.value ?? '';

/** Goes to the wallet's first view, unless a person went elsewhere since `from` was the view. */
export function goHome(from: string): void {
  if (location.hash === from) location.hash = '';
}
