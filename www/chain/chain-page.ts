// The chain: what is known of it, from whom, and how it was checked. It talks to the same nodes as
// the till; without a till's settings, to those that the site offers.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { fallbacks } from '../components/fallbacks.ts';
import { notices } from '../components/notices.ts';
import { shape } from '../components/icons.ts';
import '../components/hash-text.ts';
import '../components/live-region.ts';
import '../components/page-header.ts';
import './fork-tree.ts';
import './look-up.ts';
import './fetch-progress.ts';
import { blindness } from '../lib/facts.ts';
import { integer, moment, powerOfTwo, span, unixNow } from '../lib/format.ts';
import type { ChainView } from '../lib/messages.ts';
import { offeredNodes } from '../lib/nodes.ts';
import { anyPlace } from '../lib/place.ts';
import { chainRoute } from '../lib/route.ts';
import { Following, type NetworkState, type Session } from '../lib/session.ts';
import { loadSettings } from '../lib/settings.ts';
import { en } from '../strings/en.ts';
import { headerFacts } from './header-facts.ts';
import { peers } from './peers.ts';

const says = en.chainPage;

export class ChainPage extends LightElement {
  static override properties = { nodeless: { state: true } };
  declare session: Session;
  declare nodeless: boolean;

  constructor() {
    super();
    this.nodeless = false;
    new Following(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#open();
  }

  async #open(): Promise<void> {
    const settings = loadSettings();
    const { network } = chainRoute(location.hash);
    // What the site offers is asked for where nothing saved tells whom to talk to.
    const known = settings && (!network || network === settings.network);
    const place = anyPlace(known ? [] : await offeredNodes(), settings, network);
    if (!place?.nodes.length) return void (this.nodeless = true);
    this.session.open(place.network, place.nodes);
  }

  override render(): TemplateResult {
    const now = unixNow();
    const net = this.session.networkState(now);
    return html`
      <a class="skip" href="#main" @click=${(e: Event) => this.#skip(e)}>${en.skip}</a>
      <page-header page="chain" .session=${this.session}></page-header>
      <main id="main" tabindex="-1">
        ${notices(this.session)} ${fallbacks(this.session)} ${this.#view(net, now)}
      </main>
      <live-region .text=${this.#sentence(net)}></live-region>
    `;
  }

  override updated(): void {
    const height = this.session.chain?.tip.height;
    const title = `${height === undefined ? '' : `${integer(height)} · `}${says.title} · ${en.name}`;
    if (document.title !== title) document.title = title;
  }

  #sentence(net: NetworkState): string {
    const { chain, operators } = this.session;
    if (this.nodeless) return says.noNode;
    if (!chain) return says.starting;
    const { progress } = chain;
    if (progress?.stage === 'presync') return says.presync(integer(progress.height));
    if (progress?.stage === 'headers')
      return says.fetching(
        integer(progress.height),
        integer(Math.max(progress.of, progress.height)),
      );
    if (chain.tip.height === 0 && operators.length === 0) return says.waiting;
    const blind = blindness(net);
    const from =
      blind && blind !== 'stale' ? says.blind(en.blind[blind]) : says.from(operators.length);
    return says.knows(integer(chain.tip.height), from);
  }

  #view(net: NetworkState, now: number): TemplateResult {
    const { chain } = this.session;
    const heading = html`<h1 class="sentence num" data-testid="sentence">
      ${this.#sentence(net)}
    </h1>`;
    if (this.nodeless)
      return html`${heading}
        <p class="sub">${says.noNodeSub}</p>
        <p>
          <a class="button primary" href="./till.html#settings">${says.openSettings}</a>
        </p>`;
    if (!chain) return heading;
    return html`${heading}
      <p class="sub num">
        ${says.sub(powerOfTwo(chain.workLog2), chain.tipSeen === null ? '' : says.since(moment(chain.tipSeen)))}
      </p>
      <fetch-progress .progress=${chain.progress}></fetch-progress>
      <div class="grid chain-grid">
        ${this.#tip(chain, now)}
        <look-up .session=${this.session}></look-up>
        <fork-tree class="across" .chain=${chain}></fork-tree>
        <div class="across">${peers(this.session, now)}</div>
      </div>`;
  }

  #tip(chain: ChainView, now: number): TemplateResult {
    const { tip } = chain;
    return html`<section class="card" aria-labelledby="tip">
      <div class="row spread">
        <h2 id="tip">${says.tip}</h2>
        ${
          chain.trustsPeers
            ? html`<span class="tag risk" data-testid="trusts-peers" title=${says.trustsMeans}
                >${shape('triangle')}${says.trusts}</span
              >`
            : nothing
        }
      </div>
      <p class="height num" data-testid="tip-height">${integer(tip.height)}</p>
      <p class="tip-hash" data-testid="tip-hash" data-hash=${tip.hash}>
        <hash-text .value=${tip.hash} .name=${says.hash} .head=${6} .tail=${14}></hash-text>
      </p>
      ${chain.trustsPeers ? html`<p class="hint risk-text">${says.trustsMeans}</p>` : nothing}
      <dl class="facts">
        <div>
          <dt>${says.time}</dt>
          <dd class="num">
            ${
              tip.time > now
                ? says.timeAhead(moment(tip.time))
                : says.timeValue(moment(tip.time), span(now - tip.time))
            }
          </dd>
        </div>
        <div>
          <dt>${says.work}</dt>
          <dd class="num" data-testid="tip-work" data-work=${chain.work}>
            ${says.workValue(powerOfTwo(chain.workLog2))}
          </dd>
        </div>
        <div>
          <dt>${says.storage}</dt>
          <dd>${says.storages[chain.storage] ?? chain.storage}</dd>
        </div>
      </dl>
      <details class="more">
        <summary>${says.wholeHeader}</summary>
        ${headerFacts(tip)}
      </details>
    </section>`;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('#main')?.focus();
  }
}
define('chain-page', ChainPage);
