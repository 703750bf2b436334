// The head of every page: the mark, the pages (at the thumb on a phone), and how the network is.

import { html, type TemplateResult } from 'lit';
import { LightElement, define } from './element.ts';
import { mark, shape } from './icons.ts';
import { percent, span, unixNow } from '../lib/format.ts';
import { Following, type NetworkState, type Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';

export class PageHeader extends LightElement {
  static override properties = { page: {} };
  declare page: 'till' | 'chain';
  declare session: Session;

  constructor() {
    super();
    this.page = 'till';
    new Following(this, () => this.session);
  }

  override render(): TemplateResult {
    const now = unixNow();
    const state = this.session.networkState(now);
    const current = (page: string): 'page' | 'false' => (page === this.page ? 'page' : 'false');
    return html`<header class="top">
      <a class="mark" href="./index.html">${mark()}<span>${en.name}</span></a>
      <nav class="pages" aria-label=${en.pages}>
        <a href="./index.html" aria-current=${current('till')}
          >${shape('till')}<span>${en.till}</span></a
        >
        <a href="./chain.html" aria-current=${current('chain')}
          >${shape('chain')}<span>${en.chain}</span></a
        >
      </nav>
      <a
        class="to-settings"
        href="./index.html#settings"
        data-testid="settings"
        aria-label=${en.keypad.settings}
        title=${en.keypad.settings}
        >${shape('sliders')}</a
      >
      <p class="network num" data-testid="network-line" data-state=${state.type}>
        <span class="dot" aria-hidden="true"></span><span>${this.#words(state, now)}</span>
      </p>
    </header>`;
  }

  #words(state: NetworkState, now: number): string {
    const { session } = this;
    if (state.type === 'setup') return en.net.setup;
    const parts = [en.networks[session.network] ?? session.network];
    const tip = session.chain?.tip;
    const age = tip ? span(now - tip.time) : '';
    if (state.type === 'fetching')
      parts.push(en.net.fetching(percent(Math.floor(state.percent) / 100)));
    else if (state.type === 'stale' || state.type === 'connected') {
      parts.push(en.net.operators(session.operators.length));
      parts.push(state.type === 'stale' ? en.net.stale(age) : en.net.tipAge(age));
    } else parts.push(en.net[state.type]);
    return parts.join(' · ');
  }
}
define('page-header', PageHeader);
