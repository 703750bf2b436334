// The till: one page, three views (keypad, settings, invoice), told apart by the part of the address
// after `#`, so that a reload or a link comes back to the same invoice.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { fallbacks } from '../components/fallbacks.ts';
import { notices } from '../components/notices.ts';
import { shape } from '../components/icons.ts';
import '../components/live-region.ts';
import '../components/page-header.ts';
import './till-keypad.ts';
import './till-settings.ts';
import './till-invoice.ts';
import { tone } from '../lib/facts.ts';
import { unixNow } from '../lib/format.ts';
import type { InvoiceView } from '../lib/messages.ts';
import { isOwnNetwork } from '../lib/networks.ts';
import { offeredNodes, type OfferedNode } from '../lib/nodes.ts';
import type { OwnWallet } from '../lib/own-wallet.ts';
import { tillRoute, type Prefill, type TillRoute } from '../lib/route.ts';
import { Following, type Session } from '../lib/session.ts';
import { loadSettings, saveSettings, usualSettings, type Settings } from '../lib/settings.ts';
import { allowSounds, playAlarm, playSettled } from '../lib/sounds.ts';
import { stayAwake } from '../lib/wake.ts';
import { en } from '../strings/en.ts';
import { sentence } from './sentence.ts';

export class TillPage extends LightElement {
  static override properties = {
    settings: { state: true },
    route: { state: true },
    offered: { state: true },
    unsaved: { state: true },
  };
  declare session: Session;
  declare own: OwnWallet;
  declare settings: Settings | undefined;
  declare route: TillRoute;
  declare offered: OfferedNode[] | undefined;
  declare unsaved: boolean;

  #leave: () => void = () => {};
  readonly #turn = (): void => {
    this.route = tillRoute(location.hash);
    // What was focused is gone with its view: go on from the new sentence, once it is drawn.
    setTimeout(() => {
      const heading = this.querySelector<HTMLElement>('h1');
      if (!heading) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      scrollTo(0, 0);
    });
  };

  constructor() {
    super();
    this.settings = loadSettings();
    this.route = tillRoute(location.hash);
    this.unsaved = false;
    new Following(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#turn);
    addEventListener('pointerdown', allowSounds, { once: true });
    addEventListener('keydown', allowSounds, { once: true });
    this.#leave = this.session.watchInvoices((now, before) => this.#sound(now, before));
    if (this.settings) this.#open(this.settings);
    void offeredNodes().then((offered) => {
      this.offered = offered;
      // Nothing is to be set up where the site serves a network of its own.
      if (!this.settings) {
        this.settings = usualSettings(offered);
        if (this.settings) this.#open(this.settings);
      }
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#turn);
    this.#leave();
  }

  #open(settings: Settings): void {
    this.session.open(settings.network, settings.nodes);
    if (isOwnNetwork(settings.network)) void this.own.begin(settings.network);
  }

  override render(): TemplateResult {
    const net = this.session.networkState(unixNow());
    return html`
      <a class="skip" href="#main" @click=${(e: Event) => this.#skip(e)}>${en.skip}</a>
      <page-header page="till" .session=${this.session}></page-header>
      <main id="main" tabindex="-1">
        ${this.#elsewhere()} ${notices(this.session)} ${fallbacks(this.session)} ${this.#moved()}
        ${this.#view()}
      </main>
      <live-region .text=${this.#spoken(net)}></live-region>
    `;
  }

  override updated(): void {
    const invoice = this.#shown();
    stayAwake(invoice !== undefined && !['cancelled', 'expired'].includes(invoice.status.type));
    const lead = invoice
      ? `${en.statusShort[invoice.status.type]} · ${invoice.request.label || en.untitled(invoice.id)}`
      : en.pageNames.till;
    const alarm = [...this.session.invoices.values()].some((i) => i.alarm) ? '⚠ ' : '';
    const title = `${alarm}${lead} · ${en.name}`;
    if (document.title !== title) document.title = title;
  }

  #view(): TemplateResult {
    const { settings, route } = this;
    // What the site offers decides whether anything is to be set up at all.
    if (!settings && !this.offered)
      return html`<h1 class="sentence" data-testid="sentence">${en.keypad.opening}</h1>`;
    if (route.view === 'settings' || !settings || this.#proposes(route))
      return html`<till-settings
        .session=${this.session}
        .settings=${settings}
        .offered=${this.offered}
        .prefill=${route.view === 'keypad' ? route.prefill : ({} satisfies Prefill)}
        .problems=${route.view === 'keypad' ? route.problems : []}
        @saved=${(e: CustomEvent<Settings>) => this.#saved(e.detail)}
      ></till-settings>`;
    if (route.view === 'invoice')
      return html`<till-invoice
        .session=${this.session}
        .own=${this.own}
        .number=${route.id}
      ></till-invoice>`;
    return html`<till-keypad
      .session=${this.session}
      .own=${this.own}
      .settings=${settings}
      .prefill=${route.prefill}
      .problems=${route.problems}
      .unsaved=${this.unsaved}
    ></till-keypad>`;
  }

  /** Whether a link brings another network or address: only a person may take it over. */
  #proposes(route: TillRoute): boolean {
    if (route.view !== 'keypad' || !this.settings) return false;
    const { network, address } = route.prefill;
    return (
      (network !== undefined && network !== this.settings.network) ||
      (address !== undefined && address !== this.settings.address)
    );
  }

  #saved(settings: Settings): void {
    this.unsaved = !saveSettings(settings);
    this.settings = settings;
    this.#open(settings);
    const { route } = this;
    // What else the link brought goes on to the keypad.
    const rest = new URLSearchParams();
    if (route.view === 'keypad') {
      const given = new URLSearchParams(location.hash.slice(1));
      for (const key of ['amount', 'label'])
        if (given.has(key)) rest.set(key, given.get(key) ?? '');
    }
    location.hash = rest.toString();
    this.#turn();
  }

  /** This site's node is on another network than the till, which was set up when it was on that. */
  #moved(): TemplateResult | typeof nothing {
    const here = this.offered?.find((node) => isOwnNetwork(node.network))?.network;
    const { settings } = this;
    if (!here || !settings || !isOwnNetwork(settings.network) || here === settings.network)
      return nothing;
    return html`<ul class="notices">
      <li class="risk" data-testid="other-network">
        ${shape('triangle')}<span
          >${en.keypad.moved(en.networkName(settings.network), en.networkName(here))}</span
        >
        <a class="button" href="#settings">${en.keypad.settings}</a>
      </li>
    </ul>`;
  }

  #shown(): InvoiceView | undefined {
    return this.route.view === 'invoice' ? this.session.invoices.get(this.route.id) : undefined;
  }

  /** Alarms of invoices that are not on show stay in sight. */
  #elsewhere(): TemplateResult | typeof nothing {
    const shown = this.#shown();
    const others = this.session.newestInvoices.filter((i) => i.alarm && i.id !== shown?.id);
    if (!others.length) return nothing;
    return html`<ul class="notices">
      ${others.map(
        (invoice) =>
          html`<li class="bad" data-testid="alarm-elsewhere" data-id=${invoice.id}>
            ${shape('clash')}<span
              >${en.alarm.elsewhere(invoice.request.label || en.untitled(invoice.id))}</span
            >
            <a class="button" href="#invoice=${invoice.id}">${en.alarm.look}</a>
          </li>`,
      )}
    </ul>`;
  }

  #spoken(net: ReturnType<Session['networkState']>): string {
    const invoice = this.#shown();
    return invoice ? sentence(invoice, net, this.session.chain?.unit ?? '').text : '';
  }

  #sound(now: InvoiceView, before: InvoiceView | undefined): void {
    const net = this.session.networkState(unixNow());
    if (now.alarm && now.alarm.at !== before?.alarm?.at) playAlarm();
    else if (
      now.status.type === 'settled' &&
      before &&
      before.status.type !== 'settled' &&
      (tone(now, net) === 'good' || (now.verdict.rentable && now.verdict.answer === 'confirmed'))
    )
      playSettled();
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('#main')?.focus();
  }
}
define('till-page', TillPage);
