// One invoice: a sentence, where it stands, the code, how it is known, and what can be done.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText, bigAmount } from '../components/amount.ts';
import { LightElement, define } from '../components/element.ts';
import '../components/hash-text.ts';
import { shape, toneShape } from '../components/icons.ts';
import '../components/qr-code.ts';
import { formatAmount, unitBefore } from '../lib/amount.ts';
import {
  has,
  inConflict,
  isAcceptable,
  isLate,
  isOver,
  nextStep,
  tone,
  type Tone,
} from '../lib/facts.ts';
import { countdown, integer, moment, shorten, span, unixNow } from '../lib/format.ts';
import type { Decision, InvoiceFlag, InvoiceView } from '../lib/messages.ts';
import type { OwnWallet } from '../lib/own-wallet.ts';
import { Following, type NetworkState, type Session } from '../lib/session.ts';
import { allowSounds } from '../lib/sounds.ts';
import { en } from '../strings/en.ts';
import './ask-first.ts';
import type { AskFirst } from './ask-first.ts';
import { statusShape } from './invoice-list.ts';
import { known, watched } from './known.ts';
import './paste-transaction.ts';
import { changes, payments } from './payments.ts';
import { sentence } from './sentence.ts';
import { steps } from './steps.ts';

const BAD: readonly InvoiceFlag[] = ['conflict'];
const short = (id: string): string => shorten(id, 8, 6);

export class TillInvoice extends LightElement {
  static override properties = { number: { type: Number }, error: { state: true } };
  declare session: Session;
  declare own: OwnWallet;
  declare number: number;
  declare error: string;

  constructor() {
    super();
    this.number = 0;
    this.error = '';
    new Following(this, () => this.session);
  }

  override render(): TemplateResult {
    const invoice = this.session.invoices.get(this.number);
    if (!invoice)
      return html`<h1 class="sentence" data-testid="sentence">
          ${this.session.listed ? en.sentence.unknown(this.number) : en.sentence.loading}
        </h1>
        <p class="row">
          <a class="button" href="#" data-testid="new-invoice">${en.actions.back}</a>
        </p>`;
    const now = unixNow();
    const net = this.session.networkState(now);
    const unit = this.session.chain?.unit ?? unitBefore(this.session.network);
    const colour = tone(invoice, net);
    const { text, sub } = sentence(invoice, net, unit);
    // On a phone the state comes before the code once there is something to say.
    const told = invoice.payments.length > 0 || isOver(invoice) || invoice.alarm !== null;
    return html`
      <h1 class="sentence tone-${colour}" data-testid="sentence">${text}</h1>
      ${sub ? html`<p class="sub">${sub}</p>` : nothing}
      <div class="grid invoice-grid ${told ? 'told' : ''}">
        ${this.#code(invoice, unit, now)}
        <div class="stack">
          <div>${steps(invoice, colour)} ${this.#state(invoice, colour, unit, net)}</div>
          ${this.#actions(invoice)} ${known(invoice, this.session, unit, now)}
          ${payments(invoice, unit, this.session.network)} ${changes(invoice)}
          ${
            invoice.status.type === 'settled' || invoice.status.type === 'cancelled'
              ? nothing
              : html`<paste-transaction .session=${this.session}></paste-transaction>`
          }
        </div>
      </div>
      <ask-first></ask-first>
    `;
  }

  #code(invoice: InvoiceView, unit: string, now: number): TemplateResult {
    const { request, status } = invoice;
    const asking = status.type === 'awaiting' || status.type === 'draft' || has(invoice, 'partial');
    const left = invoice.expires - now;
    return html`<section class="card code" aria-labelledby="label">
      <div class="row spread">
        <h2 id="label">${request.label || en.untitled(invoice.id)}</h2>
        ${
          asking
            ? html`<span class="cap num" data-testid="expires"
                >${left >= 0 ? en.expiresIn(countdown(left)) : en.expiredAgo(span(-left))}</span
              >`
            : nothing
        }
      </div>
      ${
        asking || status.type === 'expired'
          ? html`<qr-code
              .uri=${invoice.uri}
              .label=${en.code(amountText(invoice.remaining || request.due, unit), shorten(request.address))}
            ></qr-code>`
          : nothing
      }
      ${
        asking && invoice.remaining > 0n && invoice.remaining !== request.due
          ? html`<p class="cap num asks">${en.codeAsks(amountText(invoice.remaining, unit))}</p>`
          : nothing
      }
      ${bigAmount(request.due, unit, 'amount')} ${this.#sums(invoice, unit)}
      <div class="row address" data-testid="address" data-address=${request.address}>
        <hash-text
          .value=${request.address}
          .name=${en.addressCopy}
          .head=${14}
          .tail=${8}
        ></hash-text>
      </div>
      ${this.#key(request.address)}
      ${asking ? html`<button type="button" class="wide" @click=${(e: Event) => this.#copyLink(e, invoice.uri)}>${en.linkCopy}</button>` : nothing}
    </section>`;
  }

  /** Which key of this browser's wallet the address is, if it is one. */
  #key(address: string): TemplateResult | typeof nothing {
    const key = this.own.vault?.keys.find((one) => one.address === address);
    if (!key || this.own.network !== this.session.network) return nothing;
    return html`<p class="cap hash" data-testid="key-path">
      ${en.walletPage.receive.index(key.path.account, key.path.index)}
    </p>`;
  }

  #sums(invoice: InvoiceView, unit: string): TemplateResult | typeof nothing {
    if (invoice.credit === 0n && !invoice.payments.length) return nothing;
    const sum = (name: 'credit' | 'remaining' | 'excess', label: string): TemplateResult =>
      html`<div>
        <dt>${label}</dt>
        <dd class="num" data-testid=${name} data-units=${invoice[name].toString()}>
          ${amountText(invoice[name], unit)}
        </dd>
      </div>`;
    return html`<dl class="sums">
      ${sum('credit', en.credit)} ${invoice.remaining ? sum('remaining', en.remaining) : nothing}
      ${invoice.excess ? sum('excess', en.excess) : nothing}
    </dl>`;
  }

  #state(invoice: InvoiceView, colour: Tone, unit: string, net: NetworkState): TemplateResult {
    const { status, alarm, request } = invoice;
    const depth = status.type === 'confirming' || status.type === 'settled' ? status.depth : 0;
    const image = colour === 'bad' || colour === 'risk' ? toneShape(colour) : statusShape(invoice);
    return html`
      ${
        alarm
          ? html`<div
              class="state bad"
              role="alert"
              data-testid="alarm"
              data-reason=${alarm.reason.type}
            >
              ${shape('clash')}
              <div>
                <b>${en.alarm.title(moment(alarm.at))}</b>
                <p>${en.reason(alarm.reason, short, integer)}</p>
              </div>
            </div>`
          : nothing
      }
      <div
        class="state ${alarm ? 'wait' : colour}"
        data-testid="status"
        data-status=${status.type}
        data-tone=${colour}
      >
        ${shape(alarm ? statusShape(invoice) : image)}
        <div>
          <b>${this.#word(invoice)}</b>
          <p>
            <span
              class="num"
              data-testid="confirmations"
              data-depth=${depth}
              data-of=${request.confirmations}
              >${en.confirmations(depth, request.confirmations)}</span
            >
            ${en.confirmationsWord} ·
            ${this.#how(invoice, unit)}${net.type === 'offline' ? ` · ${en.net.offline}` : ''}
          </p>
          ${this.#flags(invoice)}
        </div>
      </div>
    `;
  }

  #word(invoice: InvoiceView): string {
    const { status } = invoice;
    if (status.type !== 'awaiting') return en.status[status.type];
    if (!invoice.payments.length)
      return invoice.verdict.answer === 'cannotTell' ? en.verdict.cannotTell : en.status.awaiting;
    return inConflict(invoice) ? en.nothingCounts : en.notEnough;
  }

  /** Before anything came, that it was watched; then how much counts. */
  #how(invoice: InvoiceView, unit: string): string {
    if (!invoice.payments.length) return en.watchedSoFar(watched(invoice));
    return en.creditOf(formatAmount(invoice.credit), amountText(invoice.request.due, unit));
  }

  #flags(invoice: InvoiceView): TemplateResult | typeof nothing {
    if (!invoice.flags.length) return nothing;
    return html`<ul class="flags">
      ${invoice.flags.map(
        (flag) =>
          html`<li data-testid="flag-${flag}">
            <span class="tag ${BAD.includes(flag) ? 'bad' : 'risk'}"
              >${shape(BAD.includes(flag) ? 'clash' : 'triangle')}${en.flags[flag]}</span
            >
            <span>${en.flagMeans[flag]}</span>
          </li>`,
      )}
    </ul>`;
  }

  #actions(invoice: InvoiceView): TemplateResult {
    const next = nextStep(invoice);
    const { status } = invoice;
    const open = status.type !== 'cancelled' && status.type !== 'settled';
    const style = (step: typeof next): string => (next === step ? 'primary' : '');
    const refundable =
      has(invoice, 'over') || isLate(invoice) || (isOver(invoice) && has(invoice, 'partial'));
    return html`<div class="row actions">
      ${
        invoice.alarm
          ? html`<button
              type="button"
              class=${style('acknowledge')}
              data-testid="acknowledge"
              @click=${() => this.#decide('acknowledge')}
            >
              ${en.alarm.acknowledge}
            </button>`
          : nothing
      }
      ${
        isLate(invoice)
          ? html`<button
              type="button"
              class=${style('acceptLate')}
              data-testid="accept-late"
              @click=${() => this.#decide('acceptLate')}
            >
              ${en.actions.acceptLate}
            </button>`
          : nothing
      }
      <a class="button ${style('newInvoice')}" href="#" data-testid="new-invoice"
        >${isOver(invoice) ? en.actions.newInvoice : en.actions.back}</a
      >
      ${
        isAcceptable(invoice)
          ? html`<button
              type="button"
              data-testid="accept-risk"
              @click=${() => this.#ask('acceptAtRisk')}
            >
              ${en.actions.acceptRisk}
            </button>`
          : nothing
      }
      ${
        refundable && !has(invoice, 'marked')
          ? html`<button
              type="button"
              data-testid="mark-refund"
              @click=${() => this.#decide('refund')}
            >
              ${en.actions.refund}
            </button>`
          : nothing
      }
      ${
        open
          ? html`<button
              type="button"
              class="quiet"
              data-testid="cancel"
              @click=${() => this.#ask('cancel')}
            >
              ${en.actions.cancel}
            </button>`
          : nothing
      }
      ${this.error ? html`<p class="error" role="alert" data-testid="error">${this.error}</p>` : nothing}
    </div>`;
  }

  async #ask(decision: 'acceptAtRisk' | 'cancel'): Promise<void> {
    const { actions } = en;
    const dialog = this.querySelector<AskFirst>('ask-first');
    const sure = await dialog?.ask(
      decision === 'cancel'
        ? { title: actions.cancelTitle, text: actions.cancelText, confirm: actions.cancelConfirm }
        : {
            title: actions.acceptRiskTitle,
            text: actions.acceptRiskText,
            confirm: actions.acceptRiskConfirm,
          },
    );
    if (sure) await this.#decide(decision);
  }

  async #decide(decision: Decision): Promise<void> {
    allowSounds();
    try {
      await this.session.request({ type: 'decideInvoice', id: this.number, decision });
      this.error = '';
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
  }

  async #copyLink(event: Event, uri: string): Promise<void> {
    const button = event.currentTarget as HTMLButtonElement;
    try {
      await navigator.clipboard.writeText(uri);
      this.error = '';
      button.dataset['said'] = en.copied;
      setTimeout(() => delete button.dataset['said'], 2000);
    } catch {
      this.error = `${en.cannotCopy}: ${uri}`;
    }
  }
}
define('till-invoice', TillInvoice);
