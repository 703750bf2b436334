// Try it: mine a coin, pay with it, and check the payment, side by side. Nothing begins before a click.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import '../components/live-region.ts';
import { notices } from '../components/notices.ts';
import '../components/page-header.ts';
import { unixNow } from '../lib/format.ts';
import { Manners } from '../lib/manners.ts';
import { givenName, isPractice } from '../lib/networks.ts';
import { offeredNodes } from '../lib/nodes.ts';
import type { OwnWallet } from '../lib/own-wallet.ts';
import { ownPlace, type Place } from '../lib/place.ts';
import { Following, type Session } from '../lib/session.ts';
import { halfTheCores, loadWorkSettings } from '../lib/work-settings.ts';
import { openWallet } from '../lib/vault.ts';
import { Work } from '../lib/work.ts';
import { en } from '../strings/en.ts';
import { known } from '../till/known.ts';
import { sentence } from '../till/sentence.ts';
import { checkCard, mineCard, payCard, type Actions, type Scene } from './cards.ts';
import { Story } from './story.ts';

const says = en.tryPage;

/** Two are enough for a first coin in seconds, and leave most computers alone. */
const MOST_WORKERS = 2;

export class TryPage extends LightElement {
  static override properties = { place: { state: true }, looked: { state: true } };
  declare session: Session;
  declare own: OwnWallet;
  declare place: Place | undefined;
  declare looked: boolean;
  #work: Work | undefined;
  #story: Story | undefined;
  /** What goes on after a stop. */
  #resume: Parameters<Work['start']>[0] | undefined;
  #leave: (() => void)[] = [];
  #manners: Manners | undefined;

  constructor() {
    super();
    this.looked = false;
    new Following(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#work = new Work(this.session);
    this.#story = new Story(this.session, this.own, this.#work, openWallet);
    const draw = (): void => this.requestUpdate();
    this.#leave = [this.#work.on(draw), this.#story.watch(draw), this.own.watch(draw)];
    this.#manners = new Manners(loadWorkSettings, (pause) => this.#work?.pause(pause));
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#manners?.close();
    this.#work?.stop();
    for (const leave of this.#leave) leave();
  }

  /** This site's own node alone: what the till was set up for is the till's. */
  async #open(): Promise<void> {
    const offered = (await offeredNodes()).filter((node) => isPractice(node.network));
    const place = ownPlace(offered, undefined);
    this.looked = true;
    if (!place) return;
    this.session.open(place.network, place.nodes);
    await this.own.begin(place.network);
    this.place = place;
  }

  override render(): TemplateResult {
    const scene = this.#scene();
    return html`
      <a class="skip" href="#main" @click=${(e: Event) => this.#skip(e)}>${en.skip}</a>
      <page-header page="tryit" .session=${this.session}></page-header>
      <main id="main" tabindex="-1">
        ${notices(this.session)}
        <h1 class="sentence" data-testid="sentence">${this.#sentence(scene)}</h1>
        ${this.looked && !this.place && !this.session.isOpen ? this.#nowhere() : this.#view(scene)}
      </main>
      <live-region .text=${this.#spoken(scene)}></live-region>
    `;
  }

  override updated(): void {
    const title = `${en.pageNames.tryit} · ${en.name}`;
    if (document.title !== title) document.title = title;
  }

  #scene(): Scene | undefined {
    if (!this.#story || !this.#work) return undefined;
    const { stage, problem, request, txid, invoice } = this.#story;
    return {
      stage,
      problem,
      request,
      txid,
      invoice,
      hasWallet: this.own.vault !== undefined,
      isOpen: this.own.isOpen,
      work: this.#work.state,
      session: this.session,
      net: this.session.networkState(unixNow()),
      unit: this.session.chain?.unit ?? 'FTH',
      ready: this.place !== undefined,
    };
  }

  #sentence(scene: Scene | undefined): string {
    if (this.looked && !this.place && !this.session.isOpen) return says.noNode;
    return says.sentences[scene?.stage ?? 'idle'];
  }

  /** What is said aloud when it changes: the page's sentence, and the till's once it has one. */
  #spoken(scene: Scene | undefined): string {
    if (!scene?.invoice || !scene.txid) return this.#sentence(scene);
    return sentence(scene.invoice, scene.net, scene.unit).text;
  }

  #view(scene: Scene | undefined): TemplateResult | typeof nothing {
    if (!scene) return nothing;
    const { invoice, stage } = scene;
    const name = this.place ? says.network(givenName(this.place.network)) : '';
    return html`<p class="sub">${stage === 'done' ? says.doneSub : says.sub} ${name}</p>
      <div class="grid try-grid" data-testid="try" data-stage=${stage}>
        ${mineCard(scene, this.#actions)} ${payCard(scene, this.#actions)}
        ${checkCard(scene, this.#actions)}
      </div>
      ${stage === 'done' ? this.#goOn(scene) : nothing}
      ${
        invoice && scene.txid
          ? html`<div class="try-known">
              ${known(invoice, this.session, scene.unit, unixNow())}
            </div>`
          : nothing
      }`;
  }

  #nowhere(): TemplateResult {
    return html`<p class="sub" data-testid="no-own-node">${says.noNodeSub}</p>
      <p class="row">
        <a class="button" href="./till.html">${says.toTill}</a>
        <a class="button" href="./chain.html">${says.toChain}</a>
      </p>`;
  }

  #goOn({ session, invoice }: Scene): TemplateResult {
    const at = `network=${session.network}`;
    return html`<section class="card go-on" aria-labelledby="go-on" data-testid="go-on">
      <h2 id="go-on">${says.goOn}</h2>
      <ul class="row">
        <li><a class="button" href="./chain.html#${at}">${says.goChain}</a></li>
        <li><a class="button" href="./wallet.html#${at}">${says.goWallet}</a></li>
        <li><a class="button" href="./work.html">${says.goWork}</a></li>
        <li>
          <a class="button" href="./till.html#invoice=${invoice?.id ?? ''}">${says.goTill}</a>
        </li>
      </ul>
    </section>`;
  }

  readonly #actions: Actions = {
    begin: () => {
      const plan = {
        workers: Math.min(MOST_WORKERS, halfTheCores()),
        template: this.place?.template,
      };
      this.#manners?.look();
      void this.#story?.begin(this.#typed(), plan);
    },
    stop: () => {
      this.#resume = this.#work?.options;
      this.#work?.stop();
    },
    resume: () => {
      if (this.#resume) this.#work?.start(this.#resume);
    },
    pay: () => void this.#story?.pay(),
    send: () => void this.#story?.send(this.#typed()),
    putAway: () => this.#story?.putAway(),
    again: () => void this.#story?.again(),
  };

  #typed(): string {
    return this.querySelector<HTMLInputElement>('#passphrase')?.value ?? '';
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('#main')?.focus();
  }
}
define('try-page', TryPage);
