// The keypad: digits shift in from the right as the smallest units, `+` adds a line, C clears the
// last, a long C all of them. The field takes a decimal amount from a keyboard as well.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { amountText } from '../components/amount.ts';
import { LightElement, define } from '../components/element.ts';
import '../components/hash-text.ts';
import {
  MOST_UNITS,
  formatAmount,
  parseAmount,
  shiftIn,
  shiftOut,
  unitBefore,
} from '../lib/amount.ts';
import { isPractice } from '../lib/networks.ts';
import { TILL, type OwnWallet } from '../lib/own-wallet.ts';
import { LONGEST_LABEL, type Prefill, type PrefillProblem } from '../lib/route.ts';
import { Following, type Session } from '../lib/session.ts';
import type { Settings } from '../lib/settings.ts';
import { allowSounds } from '../lib/sounds.ts';
import { en } from '../strings/en.ts';
import { invoiceList } from './invoice-list.ts';
import { prefillProblems } from './problems.ts';

const LONG_PRESS_MS = 600;
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'C', '0', '+'] as const;

export class TillKeypad extends LightElement {
  static override properties = {
    settings: {},
    prefill: {},
    problems: {},
    unsaved: { type: Boolean },
    text: { state: true },
    lines: { state: true },
    label: { state: true },
    error: { state: true },
    busy: { state: true },
    making: { state: true },
  };
  declare session: Session;
  declare own: OwnWallet;
  declare settings: Settings;
  declare prefill: Prefill;
  declare problems: PrefillProblem[];
  declare unsaved: boolean;
  /** The line being typed, as typed. */
  declare text: string;
  /** Lines before it, in units. */
  declare lines: bigint[];
  declare label: string;
  declare error: string;
  declare busy: boolean;
  /** A wallet to practise with is being made. */
  declare making: boolean;
  #press = 0;
  #held = false;
  readonly #key = (event: KeyboardEvent): void => this.#typed(event);

  constructor() {
    super();
    this.text = '';
    this.lines = [];
    this.label = '';
    this.error = '';
    this.busy = false;
    this.making = false;
    this.unsaved = false;
    new Following(this, () => this.session, false);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#key);
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('prefill')) return;
    if (this.prefill.units !== undefined) this.text = formatAmount(this.prefill.units);
    if (this.prefill.label !== undefined) this.label = this.prefill.label;
  }

  get #unit(): string {
    return this.session.chain?.unit ?? unitBefore(this.settings.network);
  }

  /** The line being typed, 0 when it is none. */
  get #line(): bigint {
    const parsed = parseAmount(this.text);
    return 'units' in parsed ? parsed.units : 0n;
  }

  get #total(): bigint {
    return this.lines.reduce((sum, line) => sum + line, this.#line);
  }

  override render(): TemplateResult {
    const total = this.#total;
    return html`
      <h1 class="sentence num" data-testid="sentence">
        ${total ? en.keypad.ready(amountText(total, this.#unit)) : en.keypad.empty}
      </h1>
      <p class="sub">${en.keypad.sub}</p>
      ${prefillProblems(this.problems)}
      ${this.unsaved ? html`<p class="error" data-testid="error">${en.settings.problems.notStored}</p>` : nothing}
      <div class="grid keypad-grid">
        <form class="card entry" @submit=${(e: Event) => this.#submit(e)}>
          ${this.#fields()}
          <div class="pad" role="group" aria-label=${en.keypad.pad}>
            ${KEYS.map((key) => this.#button(key))}
          </div>
          ${this.error ? html`<p class="error" role="alert" data-testid="error" data-field="amount">${this.error}</p>` : nothing}
          <button class="primary wide" data-testid="show-code" ?disabled=${this.busy}>
            ${this.making ? en.keypad.makingWallet : this.busy ? en.keypad.making : en.keypad.showCode}
          </button>
        </form>
        <div class="stack">${invoiceList(this.session)} ${this.#setUp()}</div>
      </div>
    `;
  }

  #fields(): TemplateResult {
    return html`
      ${
        this.lines.length
          ? html`<ol class="lines num" data-testid="lines">
              ${this.lines.map((line) => html`<li>${formatAmount(line)}</li>`)}
            </ol>`
          : nothing
      }
      <div class="display">
        <label for="amount" class="unseen">${en.keypad.amount(this.#unit)}</label>
        <input
          id="amount"
          class="num"
          data-testid="field-amount"
          inputmode="decimal"
          autocomplete="off"
          spellcheck="false"
          maxlength="24"
          placeholder=${formatAmount(0n)}
          .value=${this.text}
          @input=${(e: InputEvent) => this.#edit((e.target as HTMLInputElement).value)}
        />
        <span class="unit" aria-hidden="true">${this.#unit}</span>
      </div>
      ${
        this.lines.length
          ? html`<p class="total num">
              <span>${en.keypad.total}</span
              ><b data-testid="total">${amountText(this.#total, this.#unit)}</b>
            </p>`
          : nothing
      }
      <div class="field">
        <label for="label" class="unseen">${en.keypad.label}</label>
        <input
          id="label"
          data-testid="field-label"
          maxlength=${LONGEST_LABEL}
          autocomplete="off"
          placeholder=${en.keypad.labelHint}
          .value=${this.label}
          @input=${(e: InputEvent) => (this.label = (e.target as HTMLInputElement).value)}
        />
      </div>
    `;
  }

  #button(key: (typeof KEYS)[number]): TemplateResult {
    if (key === 'C')
      return html`<button
        type="button"
        class="soft"
        data-testid="key-clear"
        aria-label=${en.keypad.clear}
        title=${en.keypad.clear}
        @pointerdown=${() => this.#down()}
        @pointerup=${() => clearTimeout(this.#press)}
        @pointerleave=${() => clearTimeout(this.#press)}
        @click=${() => this.#clear()}
      >
        ${en.keypad.clearKey}
      </button>`;
    if (key === '+')
      return html`<button
        type="button"
        class="soft"
        data-testid="key-add"
        aria-label=${en.keypad.add}
        title=${en.keypad.add}
        @click=${() => this.#add()}
      >
        ${en.keypad.addKey}
      </button>`;
    return html`<button
      type="button"
      data-testid="key-${key}"
      @click=${() => this.#digit(Number(key))}
    >
      ${key}
    </button>`;
  }

  #setUp(): TemplateResult {
    const { settings } = this;
    return html`<section class="card quiet-card setup-line">
      <div>
        <p class="cap">${en.keypad.paidTo} · ${en.keypad.waitsFor(settings.confirmations)}</p>
        ${
          settings.address
            ? html`<hash-text .value=${settings.address} .name=${en.settings.address}></hash-text>`
            : html`<p data-testid="paid-to-wallet">${en.keypad.freshEach}</p>`
        }
      </div>
    </section>`;
  }

  #edit(text: string): void {
    this.text = text;
    this.error = '';
  }

  #digit(digit: number): void {
    this.#edit(formatAmount(shiftIn(this.#line, digit)));
  }

  #add(): void {
    const line = this.#line;
    if (!line) return;
    if (this.#total > MOST_UNITS) return void (this.error = en.amountProblems.tooLarge);
    this.lines = [...this.lines, line];
    this.#edit('');
  }

  #down(): void {
    this.#held = false;
    clearTimeout(this.#press);
    this.#press = window.setTimeout(() => {
      this.#held = true;
      this.#clearAll();
    }, LONG_PRESS_MS);
  }

  #clear(): void {
    clearTimeout(this.#press);
    if (this.#held) return void (this.#held = false);
    if (this.text !== '') return this.#edit('');
    this.lines = this.lines.slice(0, -1);
    this.error = '';
  }

  #clearAll(): void {
    this.lines = [];
    this.#edit('');
  }

  /** A real keyboard works wherever no field has it. */
  #typed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element;
    if (target.closest('input, textarea, select, dialog')) return;
    const onControl = target.closest('button, a, summary') !== null;
    if (/^\d$/.test(event.key)) this.#digit(Number(event.key));
    else if (event.key === 'Backspace') {
      const left = shiftOut(this.#line);
      if (this.text === '' && this.lines.length) this.lines = this.lines.slice(0, -1);
      else this.#edit(left ? formatAmount(left) : '');
    } else if (event.key === '+') this.#add();
    else if (event.key === 'Escape' || event.key === 'Delete') this.#clearAll();
    else if (event.key === 'Enter' && !onControl) this.querySelector('form')?.requestSubmit();
    else return;
    event.preventDefault();
  }

  /** Taken, and stored as taken, before it is shown to anybody. */
  async #freshAddress(): Promise<string> {
    const { own } = this;
    if (own.network !== this.settings.network) throw new Error(en.keypad.noWallet);
    if (!own.vault && isPractice(own.network)) {
      this.making = true;
      try {
        await own.createToPractise();
      } finally {
        this.making = false;
        // A till gives addresses out, and spends nothing.
        own.lock();
      }
    }
    if (!own.vault) throw new Error(own.problem ?? en.keypad.noWallet);
    if (!own.mayReceive) throw new Error(en.keypad.unconfirmed);
    return (await own.freshKey(TILL)).address;
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    allowSounds();
    if (this.busy) return;
    if (this.text.trim() !== '' || !this.lines.length) {
      const parsed = parseAmount(this.text);
      if ('problem' in parsed) return void (this.error = en.amountProblems[parsed.problem]);
    }
    const due = this.#total;
    if (due > MOST_UNITS) return void (this.error = en.amountProblems.tooLarge);
    const { settings } = this;
    this.busy = true;
    try {
      const address = settings.address || (await this.#freshAddress());
      const reply = await this.session.request({
        type: 'createInvoice',
        request: {
          label: this.label.trim(),
          address,
          due,
          tolerancePpm: settings.tolerancePpm,
          confirmations: settings.confirmations,
          expiresIn: settings.expiresIn,
          attackerSharePpm: settings.attackerSharePpm,
          riskCap: BigInt(settings.riskCap),
        },
      });
      if (reply.type === 'invoice') location.hash = `invoice=${reply.invoice.id}`;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }
}
define('till-keypad', TillKeypad);
