// The head of every page: the mark, the pages (at the thumb on a phone), and how the network is, on
// pages that have one.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from './element.ts';
import { mark, shape } from './icons.ts';
import { percent, span, unixNow } from '../lib/format.ts';
import { Following, type NetworkState, type Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';

/** The pages, in the order of the navigation. */
const PAGES = {
  tryit: './index.html',
  till: './till.html',
  wallet: './wallet.html',
  work: './work.html',
  chain: './chain.html',
  lesson: './lesson.html',
} as const;
export type Page = keyof typeof PAGES;

export class PageHeader extends LightElement {
  static override properties = { page: {} };
  declare page: Page;
  /** None: nothing of the page is from a network. */
  declare session: Session | undefined;

  constructor() {
    super();
    this.page = 'till';
    new Following(this, () => this.session);
  }

  override render(): TemplateResult {
    return html`<header class="top">
      <a class="mark" href=${PAGES.tryit}>${mark()}<span>${en.name}</span></a>
      <nav class="pages" aria-label=${en.pages}>
        ${(Object.keys(PAGES) as Page[]).map(
          (page) =>
            html`<a href=${PAGES[page]} aria-current=${page === this.page ? 'page' : 'false'}
              >${shape(page)}<span>${en.pageNames[page]}</span></a
            >`,
        )}
      </nav>
      ${this.session ? this.#network(this.session) : nothing}
    </header>`;
  }

  #network(session: Session): TemplateResult {
    const now = unixNow();
    const state = session.networkState(now);
    return html`<a
        class="to-settings"
        href="./till.html#settings"
        data-testid="settings"
        aria-label=${en.keypad.settings}
        title=${en.keypad.settings}
        >${shape('sliders')}</a
      >
      <p class="network num" data-testid="network-line" data-state=${state.type}>
        <span class="dot" aria-hidden="true"></span><span>${this.#words(session, state, now)}</span>
      </p>`;
  }

  #words(session: Session, state: NetworkState, now: number): string {
    if (state.type === 'setup') return en.net.setup;
    const parts = [en.networkName(session.network)];
    const tip = session.chain?.tip;
    const age = tip ? span(now - tip.time) : '';
    if (state.type === 'fetching')
      parts.push(en.net.fetching(percent(Math.floor(state.percent) / 100)));
    else if (state.type === 'stale' || state.type === 'connected') {
      parts.push(en.net.operators(session.operators.length));
      // The first block of a network is as old as the network's name: no news.
      if (tip?.height === 0) parts.push(en.net.noBlock);
      else parts.push(state.type === 'stale' ? en.net.stale(age) : en.net.tipAge(age));
    } else parts.push(en.net[state.type]);
    return parts.join(' · ');
  }
}
define('page-header', PageHeader);
