// The Mine page: proof of work in this tab, after a click, for a network of one's own or for a pool.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { bigRate, rateText, waitingText } from '../components/hash-rate.ts';
import { shape } from '../components/icons.ts';
import '../components/line-plot.ts';
import '../components/live-region.ts';
import { notices } from '../components/notices.ts';
import '../components/page-header.ts';
import { ChainSource } from '../lib/chain-source.ts';
import { integer } from '../lib/format.ts';
import { Manners } from '../lib/manners.ts';
import type { WalletKey } from '../lib/messages.ts';
import { givenName } from '../lib/networks.ts';
import { offered, type OfferedPool } from '../lib/nodes.ts';
import { WALLET, type OwnWallet } from '../lib/own-wallet.ts';
import { PoolSource, poolPlace } from '../lib/pool-source.ts';
import { ownPlace, type Place } from '../lib/place.ts';
import { Following, type Session } from '../lib/session.ts';
import { loadSettings } from '../lib/settings.ts';
import { loadWorkSettings, saveWorkSettings, type WorkSettings } from '../lib/work-settings.ts';
import type { WorkSource } from '../lib/work-source.ts';
import { Work, type WorkState } from '../lib/work.ts';
import { en } from '../strings/en.ts';
import './work-setup.ts';
import { foundBlocks, nextBlock, overTime, perWorker, sharesOf } from './work-tables.ts';

const says = en.workPage;

export class WorkPage extends LightElement {
  static override properties = {
    place: { state: true },
    pools: { state: true },
    looked: { state: true },
    settings: { state: true },
    error: { state: true },
    busy: { state: true },
  };
  declare session: Session;
  declare own: OwnWallet;
  declare place: Place | undefined;
  declare pools: readonly OfferedPool[];
  declare looked: boolean;
  declare settings: WorkSettings;
  declare error: string;
  declare busy: boolean;
  #work: Work | undefined;
  #manners: Manners | undefined;
  /** One address of the wallet is enough for a visit. */
  #key: WalletKey | undefined;
  #opened: Promise<void> | undefined;
  #leave: (() => void)[] = [];

  constructor() {
    super();
    this.pools = [];
    this.looked = false;
    this.settings = loadWorkSettings();
    this.error = '';
    this.busy = false;
    new Following(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#work = new Work(this.session);
    this.#manners = new Manners(
      () => this.settings,
      (pause) => this.#work?.pause(pause),
    );
    this.#leave = [
      this.#work.on(() => this.requestUpdate()),
      this.own.watch(() => this.requestUpdate()),
    ];
    this.#opened = this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#manners?.close();
    this.#work?.stop();
    for (const leave of this.#leave) leave();
  }

  async #open(): Promise<void> {
    const { nodes, pools } = await offered();
    const place = ownPlace(nodes, loadSettings());
    this.looked = true;
    // This site's own node pays on its own network.
    this.pools = pools.filter(({ network }) => !network || network === place?.network);
    if (!place) return;
    this.place = place;
    this.session.open(place.network, place.nodes);
    await this.own.begin(place.network);
  }

  override render(): TemplateResult {
    const state = this.#work?.state;
    return html`
      <a class="skip" href="#main" @click=${(e: Event) => this.#skip(e)}>${en.skip}</a>
      <page-header page="work" .session=${this.session}></page-header>
      <main id="main" tabindex="-1">
        ${notices(this.session)}
        <h1 class="sentence" data-testid="sentence">${this.#sentence(state)}</h1>
        ${this.#isSomewhere && state ? this.#view(state) : this.#nowhere()}
      </main>
      <live-region .text=${this.#sentence(state)}></live-region>
    `;
  }

  override updated(): void {
    const state = this.#work?.state;
    const rate = state?.running ? `${rateText(state.rate)} · ` : '';
    const title = `${rate}${says.title} · ${en.name}`;
    if (document.title !== title) document.title = title;
  }

  #nowhere(): TemplateResult | typeof nothing {
    return this.looked
      ? html`<p class="sub" data-testid="no-own-node">${says.noNodeSub}</p>`
      : nothing;
  }

  #sentence(state: WorkState | undefined): string {
    if (!this.#isSomewhere || !state) return this.looked ? says.noNode : says.looking;
    if (!state.running) return says.idle;
    if (state.waiting && state.waiting !== 'work') return waitingText(state);
    const count = state.blocks.filter((block) => block.state !== 'refused').length;
    return count ? says.found(integer(count), count) : says.searching(state.workers.length);
  }

  /** Whether there is work to be had: a site may offer pools without a node of a farthing network. */
  get #isSomewhere(): boolean {
    return this.place !== undefined || this.pools.length > 0;
  }

  #view(state: WorkState): TemplateResult {
    const unit = this.session.chain?.unit ?? 'FTH';
    return html`
      <p class="sub">
        ${says.sub} ${this.place ? says.network(givenName(this.place.network)) : says.poolsAlone}
      </p>
      <div class="grid work-grid">
        <div class="stack">
          <section class="card work-rate" aria-labelledby="rate">
            <h2 id="rate">${says.rate}</h2>
            ${bigRate(state.rate)} ${overTime(state)}
            <div class="row">
              ${
                state.running
                  ? html`<button type="button" data-testid="stop-work" @click=${() => this.#stop()}>
                      ${says.stop}
                    </button>`
                  : html`<button
                      type="button"
                      class="primary"
                      data-testid="start-work"
                      ?disabled=${this.busy}
                      @click=${() => this.#start()}
                    >
                      ${says.start}
                    </button>`
              }
              <span
                class="cap"
                data-testid="work-state"
                data-state=${state.running ? (state.waiting ?? 'searching') : 'stopped'}
                data-why=${state.paused ?? ''}
                >${waitingText(state)}</span
              >
            </div>
            ${this.#problems(state)}
          </section>
          ${nextBlock(state)}
        </div>
        <div class="stack">
          <work-setup
            .settings=${this.settings}
            .unfit=${state.unfit}
            .hasWallet=${this.own.vault !== undefined}
            .chain=${this.place !== undefined}
            .pools=${this.pools}
            .pool=${this.#pool}
            @changed=${(e: CustomEvent<WorkSettings>) => this.#change(e.detail)}
          ></work-setup>
          ${sharesOf(state)}
        </div>
        <div class="across">${perWorker(state)}</div>
        <div class="across">${foundBlocks(state, this.place?.network, unit)}</div>
        <p class="across cap honest">${says.honest}</p>
      </div>
    `;
  }

  #problems(state: WorkState): TemplateResult {
    return html`${
      this.error
        ? html`<p class="error" role="alert" data-testid="error" data-field="work">
            ${this.error}
          </p>`
        : nothing
    }${
      state.problem
        ? html`<p class="hint risk-text problem" data-testid="work-problem">
            ${shape('triangle')}<span>${state.problem}</span>
          </p>`
        : nothing
    }${
      state.message
        ? html`<p class="hint" data-testid="work-message">${state.message}</p>`
        : nothing
    }`;
  }

  async #start(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = '';
    try {
      const source = await this.#source();
      this.#manners?.look();
      this.#go(source);
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }

  /** The chosen pool, if it is still offered; without a chain there is always one. */
  get #pool(): OfferedPool | undefined {
    const chosen = this.pools.find(({ url }) => url === this.settings.source);
    return chosen ?? (this.place ? undefined : this.pools[0]);
  }

  /** Where work comes from, as it is set. */
  async #source(): Promise<WorkSource> {
    const pool = this.#pool;
    if (!pool) {
      const address = await this.#payTo();
      return new ChainSource(this.session, { address, template: this.place?.template });
    }
    const user = pool.network ? await this.#payTo() : this.settings.user;
    if (user === '') throw new Error(says.noUser);
    return new PoolSource(poolPlace(pool, user));
  }

  /** The typed address, if the core takes it for one, or one of this browser's wallet. */
  async #payTo(): Promise<string> {
    const typed = this.settings.address.trim();
    if (typed !== '') {
      await this.session.request({ type: 'checkAddress', address: typed });
      return typed;
    }
    // A click may come before the wallet's store was read.
    await this.#opened;
    if (!this.own.vault) throw new Error(says.noAddress);
    this.#key ??= await this.own.freshKey(WALLET);
    return this.#key.address;
  }

  #go(source: WorkSource): void {
    const { workers, quota, graphics } = this.settings;
    this.#work?.start({ source, workers, quota: quota / 100, graphics });
  }

  #stop(): void {
    this.#work?.stop();
  }

  #change(settings: WorkSettings): void {
    const before = this.settings;
    this.settings = settings;
    saveWorkSettings(settings);
    this.#manners?.look();
    const running = this.#work?.options;
    if (!running) return;
    // Who is paid is looked at anew, as at a start; what is searched meanwhile pays as before.
    const fields = ['source', 'address', 'user'] as const;
    if (fields.some((field) => settings[field] !== before[field])) void this.#start();
    else this.#go(running.source);
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('#main')?.focus();
  }
}
define('work-page', WorkPage);
