// The wallet: one page, told apart by the part of the address after `#`. What it knows of coins comes
// from the client in this tab, what it signs from the keys worker.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { fallbacks } from '../components/fallbacks.ts';
import { shape } from '../components/icons.ts';
import { notices } from '../components/notices.ts';
import '../components/live-region.ts';
import '../components/page-header.ts';
import { offeredNodes } from '../lib/nodes.ts';
import type { OwnWallet } from '../lib/own-wallet.ts';
import { ownPlace, type Place } from '../lib/place.ts';
import { walletRoute, type WalletRoute } from '../lib/route.ts';
import { Following, type Session } from '../lib/session.ts';
import { loadSettings } from '../lib/settings.ts';
import { en } from '../strings/en.ts';
import './wallet-begin.ts';
import { homeSentence } from './wallet-home.ts';
import './wallet-keys.ts';
import './wallet-phrase.ts';
import './wallet-receive.ts';
import './wallet-send.ts';

const says = en.walletPage;

export class WalletPage extends LightElement {
  static override properties = {
    route: { state: true },
    place: { state: true },
    looked: { state: true },
    words: { state: true },
  };
  declare session: Session;
  declare own: OwnWallet;
  declare route: WalletRoute;
  declare place: Place | undefined;
  /** Whether it is known what the site offers. */
  declare looked: boolean;
  /** A phrase that is on show, to be written down and repeated. */
  declare words: string[];

  #leave: () => void = () => {};
  readonly #turn = (): void => {
    this.route = walletRoute(location.hash);
    // What was focused is gone with its view: go on from the new sentence, once it is drawn.
    setTimeout(() => {
      const heading = this.querySelector<HTMLElement>('h1');
      if (!heading) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      scrollTo(0, 0);
    });
  };
  /** Another tab may have made a wallet, or wiped it. */
  readonly #shown = (): void => {
    if (document.visibilityState === 'visible' && this.place && !this.words.length)
      void this.own.begin(this.own.network);
  };

  constructor() {
    super();
    this.route = walletRoute(location.hash);
    this.looked = false;
    this.words = [];
    new Following(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#turn);
    document.addEventListener('visibilitychange', this.#shown);
    this.#leave = this.own.watch(() => this.requestUpdate());
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#turn);
    document.removeEventListener('visibilitychange', this.#shown);
    this.#leave();
  }

  async #open(): Promise<void> {
    const place = ownPlace(await offeredNodes(), loadSettings(), this.route.network);
    this.looked = true;
    this.place = place;
    if (!place) return;
    this.session.open(place.network, place.nodes);
    await this.own.begin(place.network);
  }

  override render(): TemplateResult {
    return html`
      <a class="skip" href="#main" @click=${(e: Event) => this.#skip(e)}>${en.skip}</a>
      <page-header page="wallet" .session=${this.session}></page-header>
      <main id="main" tabindex="-1">
        ${notices(this.session)} ${fallbacks(this.session)} ${this.#nodeless()} ${this.#view()}
      </main>
      <live-region .text=${this.#spoken()}></live-region>
    `;
  }

  override updated(): void {
    const title = `${says.title} · ${en.name}`;
    if (document.title !== title) document.title = title;
  }

  #view(): TemplateResult {
    const { own, session, route } = this;
    if (this.looked && !this.place)
      return html`<h1 class="sentence" data-testid="sentence">${says.noPlace}</h1>
        <p class="sub">${says.noPlaceSub}</p>`;
    if (!own.read) return html`<h1 class="sentence" data-testid="sentence">${says.reading}</h1>`;
    if (own.problem) return html`<h1 class="sentence" data-testid="sentence">${own.problem}</h1>`;
    if (this.words.length)
      return html`<wallet-phrase
        .session=${session}
        .own=${own}
        .words=${this.words}
        @done=${() => this.#home()}
      ></wallet-phrase>`;
    if (!own.vault)
      return html`<wallet-begin
        .session=${session}
        .own=${own}
        .view=${route.view === 'create' || route.view === 'restore' ? route.view : 'home'}
        @made=${(e: CustomEvent<string[]>) => (this.words = e.detail)}
      ></wallet-begin>`;
    switch (route.view) {
      case 'receive':
        return html`<wallet-receive .session=${session} .own=${own}></wallet-receive>`;
      case 'send':
        return html`<wallet-send
          .session=${session}
          .own=${own}
          .pay=${route.pay}
          .raise=${route.raise}
        ></wallet-send>`;
      case 'keys':
        return html`<wallet-keys
          .session=${session}
          .own=${own}
          @repeat=${(e: CustomEvent<string[]>) => (this.words = e.detail)}
        ></wallet-keys>`;
      default:
        return html`<wallet-home .session=${session} .own=${own}></wallet-home>`;
    }
  }

  #nodeless(): TemplateResult | typeof nothing {
    if (!this.place || this.place.nodes.length) return nothing;
    return html`<ul class="notices">
      <li class="risk" data-testid="no-node">${shape('triangle')}<span>${says.noNode}</span></li>
    </ul>`;
  }

  /** The phrase is gone from the page with this. */
  #home(): void {
    this.words = [];
    if (location.hash && location.hash !== '#') location.hash = '';
    else this.#turn();
  }

  #spoken(): string {
    return this.own.vault && this.route.view === 'home' && !this.words.length
      ? homeSentence(this.session.wallet, this.session.chain?.unit ?? '')
      : '';
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('#main')?.focus();
  }
}
define('wallet-page', WalletPage);
