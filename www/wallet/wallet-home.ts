// The wallet at a glance: what can be spent, what happened, and the next thing to do.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText } from '../components/amount.ts';
import { define } from '../components/element.ts';
import { shape } from '../components/icons.ts';
import { unlock } from '../components/unlock-dialog.ts';
import { integer } from '../lib/format.ts';
import type { WalletView } from '../lib/messages.ts';
import { en } from '../strings/en.ts';
import { balance, isScanning, scan, sumOf } from './balance.ts';
import { history } from './history.ts';
import { WalletPart } from './part.ts';

const says = en.walletPage;
/** Entries shown at first, and more at a press. */
const PAGE = 10;

export function homeSentence(view: WalletView | undefined, unit: string): string {
  if (!view) return says.home.waiting;
  if (isScanning(view)) return says.home.scanning(integer(view.scannedTo), integer(view.tip));
  const spendable = sumOf(view, 'spendable');
  if (spendable > 0n) return says.home.spendable(amountText(spendable, unit));
  const coming = sumOf(view, 'incoming') + sumOf(view, 'change');
  if (coming > 0n) return says.home.pending(amountText(coming, unit));
  const immature = sumOf(view, 'immature');
  return immature > 0n ? says.home.immature(amountText(immature, unit)) : says.home.empty;
}

export class WalletHome extends WalletPart {
  static override properties = { shown: { state: true } };
  declare shown: number;

  constructor() {
    super();
    this.shown = PAGE;
  }

  override render(): TemplateResult {
    const view = this.session.wallet;
    const { unit } = this;
    return html`<h1 class="sentence num" data-testid="sentence">${homeSentence(view, unit)}</h1>
      <p class="sub num">
        ${view ? says.home.sub(integer(view.scannedFrom), integer(view.scannedTo)) : says.home.subNone}
        ${this.practice ? says.practice : ''}
      </p>
      ${this.#unconfirmed()} ${this.#mayHoldMore()}
      <div class="grid wallet-grid">
        <div class="stack">${scan(view)} ${balance(view, unit)} ${this.#actions(view)}</div>
        ${history(view, this.own.network, unit, this.shown, () => (this.shown += 5 * PAGE))}
      </div>`;
  }

  #actions(view: WalletView | undefined): TemplateResult {
    const can = sumOf(view, 'spendable') > 0n;
    return html`<nav class="wallet-actions" aria-label=${says.title}>
      <a class="button ${can ? '' : 'primary'}" href="#receive" data-testid="receive"
        >${says.actions.receive}</a
      >
      <a class="button ${can ? 'primary' : ''}" href="#send" data-testid="send"
        >${says.actions.send}</a
      >
      <a class="button quiet-link" href="#keys" data-testid="keys">${says.actions.keys}</a>
      <p
        class="cap lock-line"
        data-testid="lock-state"
        data-state=${this.own.isOpen ? 'open' : 'locked'}
      >
        ${shape(this.own.isOpen ? 'unlock' : 'lock')}<span
          >${this.own.isOpen ? says.open : says.locked}</span
        >
        ${
          this.own.isOpen
            ? html`<button type="button" data-testid="lock" @click=${() => this.own.lock()}>
                ${says.actions.lock}
              </button>`
            : nothing
        }
      </p>
    </nav>`;
  }

  #unconfirmed(): TemplateResult | typeof nothing {
    if (this.own.vault?.confirmed !== false) return nothing;
    return html`<ul class="notices">
      <li class=${this.practice ? 'wait' : 'risk'} data-testid="phrase-unconfirmed">
        ${shape('triangle')}<span>${says.phrase.notConfirmed}</span>
        <a class="button" href="#keys">${says.phrase.confirmNow}</a>
      </li>
    </ul>`;
  }

  /** Keys past those that are watched may have been paid; they come from an open wallet alone. */
  #mayHoldMore(): TemplateResult | typeof nothing {
    if (!this.own.mayHoldMore) return nothing;
    return html`<ul class="notices">
      <li class="risk" data-testid="may-hold-more">
        ${shape('triangle')}<span>${says.home.mayHoldMore}</span>
        <button type="button" data-testid="open-unlock" @click=${() => void this.#unlock()}>
          ${says.actions.unlock}
        </button>
      </li>
    </ul>`;
  }

  async #unlock(): Promise<void> {
    await unlock(this.own.network);
    this.requestUpdate();
    await this.own.widen();
  }
}
define('wallet-home', WalletHome);
