// How much is worked, when, and for whom. Each change holds at once.

import { html, nothing, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { tellsBattery } from '../lib/manners.ts';
import { LONGEST_ADDRESS } from '../lib/route.ts';
import type { OfferedPool } from '../lib/nodes.ts';
import type { Unfit } from '../lib/work-envelope.js';
import {
  GRAPHICS_USES,
  LONGEST_USER,
  MOST_WORKERS,
  QUOTAS,
  type WorkSettings,
} from '../lib/work-settings.ts';
import { en } from '../strings/en.ts';

const says = en.workPage;

/** What one of several is chosen of, and how. */
interface Choice {
  choices: readonly { value: string | number; text: string | number }[];
  chosen: string | number;
  set: (value: string) => void;
}

export class WorkSetup extends LightElement {
  static override properties = {
    settings: {},
    unfit: {},
    hasWallet: {},
    chain: {},
    pools: {},
    pool: {},
  };
  declare settings: WorkSettings;
  /** Why the graphics processor does not search although it may. */
  declare unfit: Unfit | undefined;
  /** Whether there is a network whose blocks can be searched without a pool. */
  declare chain: boolean;
  /** The pools that this site offers for here, and the one that is chosen. */
  declare pools: readonly OfferedPool[];
  declare pool: OfferedPool | undefined;
  declare hasWallet: boolean;

  override render(): TemplateResult {
    const { settings } = this;
    const cores = navigator.hardwareConcurrency || 2;
    return html`<section class="card work-setup" aria-labelledby="setup">
      <h2 id="setup">${says.setup}</h2>
      ${this.#from()}
      ${this.#select('workers', says.workers, says.workersHint(cores), {
        choices: Array.from(
          { length: Math.min(MOST_WORKERS, Math.max(cores, settings.workers)) },
          (_, index) => ({ value: index + 1, text: index + 1 }),
        ),
        chosen: settings.workers,
        set: (workers) => this.#set({ workers: Number(workers) }),
      })}
      ${this.#select('quota', says.quota, says.quotaHint, {
        choices: QUOTAS.map((quota) => ({ value: quota, text: says.quotaValue(quota) })),
        chosen: settings.quota,
        set: (quota) => this.#set({ quota: Number(quota) }),
      })}
      ${this.#graphics()} ${this.#tick('pauseWhenHidden', 'pause', says.pause, says.pauseHint)}
      ${
        tellsBattery()
          ? this.#tick('pauseOnBattery', 'battery', says.battery, says.batteryHint)
          : html`<p class="hint" data-testid="no-battery">${says.batteryUntold}</p>`
      }
      ${this.pool && !this.pool.network ? this.#user() : this.#address()}
    </section>`;
  }

  #from(): TemplateResult {
    const chosen = this.pool?.url ?? '';
    const kind = this.pool ? (this.pool.network ? 'node' : 'pool') : 'chain';
    const choices = [
      ...(this.chain ? [{ url: '', text: says.fromChain }] : []),
      ...this.pools.map(({ url, name, network }) => ({
        url,
        text: network ? says.fromNode : says.fromPool(name),
      })),
    ];
    return this.#select('source', says.from, says.fromHint[kind], {
      choices: choices.map(({ url, text }) => ({ value: url, text })),
      chosen,
      set: (source) => this.#set({ source }),
    });
  }

  #graphics(): TemplateResult {
    const { graphics } = this.settings;
    // An imitated one is for developers: it is on show once somebody chose it.
    const uses = GRAPHICS_USES.filter((use) => use !== 'on' || use === graphics);
    const hint = html`<span data-testid="graphics" data-unfit=${this.unfit ?? ''}
      >${this.unfit ? says.unfit[this.unfit] : says.graphicsHint}</span
    >`;
    return this.#select('graphics', says.graphics, hint, {
      choices: uses.map((use) => ({ value: use, text: says.graphicsUses[use] })),
      chosen: graphics,
      set: (use) => this.#set({ graphics: use as WorkSettings['graphics'] }),
    });
  }

  #select(
    id: string,
    label: string,
    hint: string | TemplateResult,
    { choices, chosen, set }: Choice,
  ): TemplateResult {
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <select
        id=${id}
        data-testid="field-${id}"
        aria-describedby="${id}-hint"
        @change=${(e: Event) => set(value(e))}
      >
        ${choices.map(
          ({ value, text }) =>
            html`<option value=${value} ?selected=${value === chosen}>${text}</option>`,
        )}
      </select>
      <p class="hint" id="${id}-hint">${hint}</p>
    </div>`;
  }

  #user(): TemplateResult {
    return html`<div class="field">
      <label for="user">${says.user}</label>
      <input
        id="user"
        class="hash"
        data-testid="field-user"
        maxlength=${LONGEST_USER}
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        aria-describedby="user-hint"
        .value=${this.settings.user}
        @change=${(e: Event) => this.#set({ user: value(e).trim() })}
      />
      <p class="hint" id="user-hint">${says.userHint}</p>
    </div>`;
  }

  #address(): TemplateResult {
    const { settings } = this;
    return html`<div class="field">
      <label for="address">${says.address}</label>
      <input
        id="address"
        class="hash"
        data-testid="field-address"
        maxlength=${LONGEST_ADDRESS}
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        aria-describedby="address-hint"
        placeholder=${this.hasWallet ? says.addressOwn : ''}
        .value=${settings.address}
        @change=${(e: Event) => this.#set({ address: value(e).trim() })}
      />
      <p class="hint" id="address-hint">
        ${says.addressHint}
        ${
          this.hasWallet
            ? nothing
            : html`${says.noWallet}
                <a href="./wallet.html" data-testid="make-wallet">${says.makeWallet}</a>`
        }
      </p>
    </div>`;
  }

  #tick(
    field: 'pauseWhenHidden' | 'pauseOnBattery',
    id: string,
    label: string,
    hint: string,
  ): TemplateResult {
    return html`<div>
      <label class="tick">
        <input
          type="checkbox"
          data-testid="field-${id}"
          aria-describedby="${id}-hint"
          .checked=${this.settings[field]}
          @change=${(e: Event) => this.#set({ [field]: (e.target as HTMLInputElement).checked })}
        />
        <span>${label}</span>
      </label>
      <p class="hint" id="${id}-hint">${hint}</p>
    </div>`;
  }

  #set(change: Partial<WorkSettings>): void {
    const detail = { ...this.settings, ...change };
    this.dispatchEvent(new CustomEvent<WorkSettings>('changed', { detail }));
  }
}
define('work-setup', WorkSetup);

const value = (event: Event): string => (event.target as HTMLInputElement).value;
