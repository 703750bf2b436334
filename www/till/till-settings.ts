// Set-up: network, nodes, address, and when it is green. The address is checked by the core of that
// network before it is remembered.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { shape } from '../components/icons.ts';
import { formatAmount, parseAmount } from '../lib/amount.ts';
import type { NodeAddress } from '../lib/messages.ts';
import { MOST_NODES, parseNodes, type NodesProblem, type OfferedNode } from '../lib/nodes.ts';
import { NETWORKS, isNetwork, isOwnNetwork, type Network } from '../lib/networks.ts';
import { LONGEST_ADDRESS, type Prefill, type PrefillProblem } from '../lib/route.ts';
import { Following, type Session } from '../lib/session.ts';
import { DEFAULTS, type Settings } from '../lib/settings.ts';
import { en } from '../strings/en.ts';
import { prefillProblems } from './problems.ts';

type Field = 'nodes' | 'address' | 'confirmations' | 'tolerance' | 'expiry' | 'share' | 'risk-cap';

/** A decimal as typed, or nothing. */
function decimal(text: string): number | undefined {
  const typed = text.trim().replace(',', '.');
  return /^\d{1,9}(\.\d{1,6})?$/.test(typed) ? Number(typed) : undefined;
}

const inParts = (value: number): string => String(value / 10_000);

export class TillSettings extends LightElement {
  static override properties = {
    settings: {},
    offered: {},
    prefill: {},
    problems: {},
    network: { state: true },
    chosen: { state: true },
    fresh: { state: true },
    typed: { state: true },
    errors: { state: true },
    busy: { state: true },
  };
  declare session: Session;
  declare settings: Settings | undefined;
  declare offered: OfferedNode[] | undefined;
  declare prefill: Prefill;
  declare problems: PrefillProblem[];
  declare network: Network | undefined;
  /** Addresses of offered nodes that are ticked; none yet: as the settings say. */
  declare chosen: Set<string> | undefined;
  /** Whether each invoice has a fresh address of this browser's wallet. */
  declare fresh: boolean;
  declare typed: Record<
    'nodes' | 'address' | 'confirmations' | 'tolerance' | 'expiry' | 'share' | 'risk-cap',
    string
  >;
  declare errors: Partial<Record<Field, string>>;
  declare busy: boolean;
  #filled = false;

  constructor() {
    super();
    this.errors = {};
    this.fresh = true;
    this.busy = false;
    this.prefill = {};
    this.problems = [];
    this.typed = {
      nodes: '',
      address: '',
      confirmations: '',
      tolerance: '',
      expiry: '',
      share: '',
      'risk-cap': '',
    };
    new Following(this, () => this.session, false);
  }

  /** Once, when it is known what the site offers: what a person typed since is never replaced. */
  override willUpdate(_changed: PropertyValues): void {
    if (this.#filled) return;
    const { settings, prefill } = this;
    this.network ??= prefill.network ?? settings?.network;
    if (!this.typed.confirmations)
      this.typed = {
        nodes: '',
        address:
          prefill.address ?? (this.network === settings?.network ? settings?.address : '') ?? '',
        confirmations: String(settings?.confirmations ?? DEFAULTS.confirmations),
        tolerance: inParts(settings?.tolerancePpm ?? DEFAULTS.tolerancePpm),
        expiry: String((settings?.expiresIn ?? DEFAULTS.expiresIn) / 60),
        share: inParts(settings?.attackerSharePpm ?? DEFAULTS.attackerSharePpm),
        'risk-cap': formatAmount(BigInt(settings?.riskCap ?? DEFAULTS.riskCap)),
      };
    if (!this.offered) return;
    this.#filled = true;
    this.fresh = !this.typed.address;
    this.network ??= this.offered[0]?.network ?? 'bitcoin';
    const same = settings?.network === this.network;
    const others = (same ? (settings?.nodes ?? []) : []).filter(
      (node) => !this.offered?.some((offer) => offer.url === node.url),
    );
    if (!this.typed.nodes) this.typed.nodes = others.map((node) => node.url).join('\n');
    if (same) this.chosen = new Set(settings?.nodes.map((node) => node.url));
  }

  get #network(): Network {
    return this.network ?? 'bitcoin';
  }

  /** Bitcoin's, and those of one's own that are offered, saved or linked. */
  get #networks(): Network[] {
    const own = [this.network, ...(this.offered ?? []).map((node) => node.network)];
    return [...new Set([...own.filter(isOwnNetwork), ...NETWORKS])];
  }

  /** Only where this browser can hold keys. */
  get #fresh(): boolean {
    return this.fresh && isOwnNetwork(this.#network);
  }

  get #offers(): OfferedNode[] {
    return (this.offered ?? []).filter((node) => node.network === this.#network);
  }

  #isChosen(node: OfferedNode): boolean {
    return this.chosen ? this.chosen.has(node.url) : true;
  }

  override render(): TemplateResult {
    const again = this.settings !== undefined;
    // What the site offers is part of the form: it does not appear under a person's hands.
    if (!this.offered)
      return html`<h1 class="sentence" data-testid="sentence">
        ${again ? en.settings.again : en.settings.first}
      </h1>`;
    return html`
      <h1 class="sentence" data-testid="sentence">
        ${again ? en.settings.again : en.settings.first}
      </h1>
      <p class="sub">${en.settings.sub}</p>
      ${prefillProblems(this.problems)}
      ${
        this.prefill.address || this.prefill.network
          ? html`<ul class="notices">
              <li class="risk">${shape('triangle')}<span>${en.settings.fromLink}</span></li>
            </ul>`
          : nothing
      }
      <form class="grid settings-grid" @submit=${(e: Event) => this.#submit(e)} novalidate>
        ${this.#where()}
        <div class="stack">${this.#whatFor()} ${this.#when()}</div>
        <div class="row actions">
          <button class="primary" data-testid="save-settings" ?disabled=${this.busy}>
            ${this.busy ? en.settings.checking : en.settings.save}
          </button>
          ${again ? html`<a class="button" href="#">${en.back}</a>` : nothing}
        </div>
      </form>
    `;
  }

  #where(): TemplateResult {
    const offers = this.#offers;
    const cheap = this.#network === 'signet' || this.#network === 'regtest';
    return html`<section class="card">
      <h2>${en.settings.where}</h2>
      <div class="field">
        <label for="network">${en.settings.network}</label>
        <select
          id="network"
          data-testid="field-network"
          @change=${(e: Event) => this.#choose((e.target as HTMLSelectElement).value)}
        >
          ${this.#networks.map(
            (name) =>
              html`<option value=${name} ?selected=${name === this.#network}>
                ${en.networkName(name)}
              </option>`,
          )}
        </select>
        ${cheap ? html`<p class="hint risk-text">${en.settings.trusts}</p>` : nothing}
        ${isOwnNetwork(this.#network) ? html`<p class="hint">${en.settings.ownCheap}</p>` : nothing}
      </div>
      <fieldset>
        <legend>${en.settings.offered}</legend>
        ${
          offers.length
            ? offers.map(
                (node) =>
                  html`<label class="tick">
                    <input
                      type="checkbox"
                      data-testid="offered-node"
                      data-url=${node.url}
                      .checked=${this.#isChosen(node)}
                      @change=${(e: Event) => this.#tick(node, (e.target as HTMLInputElement).checked)}
                    />
                    <span>${node.operator}</span>
                  </label>`,
              )
            : html`<p class="cap">${en.settings.noneOffered}</p>`
        }
      </fieldset>
      <div class="field">
        <label for="nodes">${en.settings.others}</label>
        <textarea
          id="nodes"
          data-testid="field-nodes"
          rows="3"
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          placeholder="ws://127.0.0.1:8333/"
          aria-describedby="nodes-hint"
          aria-invalid=${this.errors.nodes ? 'true' : 'false'}
          .value=${this.typed.nodes}
          @input=${(e: InputEvent) => this.#type('nodes', e)}
        ></textarea>
        <p class="hint" id="nodes-hint">${en.settings.othersHint}</p>
        ${this.#error('nodes')}
      </div>
    </section>`;
  }

  #whatFor(): TemplateResult {
    return html`<section class="card">
      <h2>${en.settings.whatFor}</h2>
      ${isOwnNetwork(this.#network) ? this.#source() : nothing}
      ${
        this.#fresh
          ? nothing
          : html`<div class="field">
              <label for="address">${en.settings.address}</label>
              <input
                id="address"
                class="hash"
                data-testid="field-address"
                maxlength=${LONGEST_ADDRESS}
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                aria-describedby="address-hint"
                aria-invalid=${this.errors.address ? 'true' : 'false'}
                .value=${this.typed.address}
                @input=${(e: InputEvent) => this.#type('address', e)}
              />
              <p class="hint" id="address-hint">${en.settings.addressHint}</p>
            </div>`
      }
      ${this.#error('address')}
    </section>`;
  }

  #source(): TemplateResult {
    const choice = (fresh: boolean, name: string, label: string): TemplateResult =>
      html`<label class="tick"
        ><input
          type="radio"
          name="source"
          data-testid="field-source-${name}"
          .checked=${this.fresh === fresh}
          @change=${() => (this.fresh = fresh)}
        />${label}</label
      >`;
    return html`<fieldset>
      <legend>${en.settings.source}</legend>
      ${choice(true, 'wallet', en.settings.sourceWallet)}
      ${choice(false, 'typed', en.settings.sourceTyped)}
      ${this.fresh ? html`<p class="hint">${en.settings.sourceWalletHint}</p>` : nothing}
    </fieldset>`;
  }

  #when(): TemplateResult {
    return html`<section class="card">
      <h2>${en.settings.when}</h2>
      <div class="fields">
        ${this.#number('confirmations', en.settings.confirmations, en.settings.confirmationsHint, 'numeric')}
        ${this.#number('expiry', en.settings.expiry, en.settings.expiryHint, 'decimal')}
        ${this.#number('tolerance', en.settings.tolerance, en.settings.toleranceHint, 'decimal')}
        ${
          // Hash power can be rented: on an own network no share is worth a guess.
          isOwnNetwork(this.#network)
            ? nothing
            : this.#number('share', en.settings.share, en.settings.shareHint, 'decimal')
        }
        ${this.#number('risk-cap', en.settings.riskCap, en.settings.riskCapHint, 'decimal')}
      </div>
    </section>`;
  }

  #number(
    field: Exclude<Field, 'nodes' | 'address'>,
    label: string,
    hint: string,
    mode: 'numeric' | 'decimal',
  ): TemplateResult {
    return html`<div class="field">
      <label for=${field}>${label}</label>
      <input
        id=${field}
        class="num"
        data-testid="field-${field}"
        inputmode=${mode}
        autocomplete="off"
        maxlength="24"
        aria-describedby="${field}-hint"
        aria-invalid=${this.errors[field] ? 'true' : 'false'}
        .value=${this.typed[field]}
        @input=${(e: InputEvent) => this.#type(field, e)}
      />
      <p class="hint" id="${field}-hint">${hint}</p>
      ${this.#error(field)}
    </div>`;
  }

  #error(field: Field): TemplateResult | typeof nothing {
    const text = this.errors[field];
    return text
      ? html`<p class="error" role="alert" data-testid="error" data-field=${field}>${text}</p>`
      : nothing;
  }

  #type(field: keyof TillSettings['typed'], event: InputEvent): void {
    const { value } = event.target as HTMLInputElement | HTMLTextAreaElement;
    this.typed = { ...this.typed, [field]: value };
    const { [field]: _gone, ...rest } = this.errors;
    this.errors = rest;
  }

  #choose(name: string): void {
    if (!isNetwork(name)) return;
    this.network = name;
    this.chosen = undefined;
    this.errors = {};
  }

  #tick(node: OfferedNode, on: boolean): void {
    const chosen = new Set(this.#offers.filter((offer) => this.#isChosen(offer)).map((n) => n.url));
    if (on) chosen.add(node.url);
    else chosen.delete(node.url);
    this.chosen = chosen;
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const settings = this.#read();
    if (!settings) return this.#toError();
    this.busy = true;
    try {
      this.session.open(settings.network, settings.nodes);
      if (settings.address)
        await this.session.request({ type: 'checkAddress', address: settings.address });
      this.dispatchEvent(new CustomEvent<Settings>('saved', { detail: settings }));
    } catch (error) {
      this.errors = { address: error instanceof Error ? error.message : String(error) };
      // The till goes on with what was saved last.
      if (this.settings) this.session.open(this.settings.network, this.settings.nodes);
      else this.session.close();
      this.#toError();
    } finally {
      this.busy = false;
    }
  }

  #toError(): void {
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
    );
  }

  /** What was typed, or nothing, with the errors said. */
  #read(): Settings | undefined {
    const { typed } = this;
    const errors: TillSettings['errors'] = {};
    const says = en.settings.problems;
    const nodes = this.#nodes();
    if (typeof nodes === 'string') errors.nodes = nodes;
    const address = this.#fresh ? '' : typed.address.trim();
    if (address === '' && !this.#fresh) errors.address = says.noAddress;
    const confirmations = /^\d{1,3}$/.test(typed.confirmations.trim())
      ? Number(typed.confirmations)
      : -1;
    if (confirmations < 0 || confirmations > 100) errors.confirmations = says.confirmations;
    const tolerance = decimal(typed.tolerance) ?? -1;
    if (tolerance < 0 || Math.round(tolerance * 10_000) > 999_999)
      errors.tolerance = says.tolerance;
    const expiry = Math.round((decimal(typed.expiry) ?? 0) * 60);
    if (expiry < 1 || expiry > 525_600 * 60) errors.expiry = says.expiry;
    const share = decimal(typed.share) ?? -1;
    if (share < 0 || share > 100) errors.share = says.share;
    const cap = parseAmount(typed['risk-cap']);
    const riskCap = 'units' in cap ? cap.units : 0n;
    if ('problem' in cap && cap.problem !== 'zero')
      errors['risk-cap'] = en.amountProblems[cap.problem];
    this.errors = errors;
    if (Object.keys(errors).length || typeof nodes === 'string') return undefined;
    return {
      network: this.#network,
      nodes,
      address,
      confirmations,
      expiresIn: expiry,
      tolerancePpm: Math.round(tolerance * 10_000),
      attackerSharePpm: Math.round(share * 10_000),
      riskCap: riskCap.toString(),
    };
  }

  #nodes(): NodeAddress[] | string {
    const says = (problem: NodesProblem): string => {
      const { problems } = en.settings;
      if (problem.type === 'none') return problems.noNodes;
      if (problem.type === 'tooMany') return problems.tooManyNodes(problem.most);
      return problems[problem.type](problem.text.slice(0, 80));
    };
    const parsed = parseNodes(this.typed.nodes);
    if ('problem' in parsed) return says(parsed.problem);
    const offered = this.#offers
      .filter((node) => this.#isChosen(node))
      .map(({ url, operator }): NodeAddress => ({ url, operator }));
    const nodes = [
      ...offered,
      ...parsed.nodes.filter((n) => !offered.some((o) => o.url === n.url)),
    ];
    if (!nodes.length) return says({ type: 'none' });
    if (nodes.length > MOST_NODES) return says({ type: 'tooMany', most: MOST_NODES });
    return nodes;
  }
}
define('till-settings', TillSettings);
