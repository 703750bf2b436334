// A block or a transaction, fetched and checked here.

import { html, nothing, type TemplateResult } from 'lit';
import { amountText } from '../components/amount.ts';
import { LightElement, define } from '../components/element.ts';
import '../components/hash-text.ts';
import { shape } from '../components/icons.ts';
import { integer } from '../lib/format.ts';
import type { BlockView, Command, TransactionView } from '../lib/messages.ts';
import { chainRoute } from '../lib/route.ts';
import { Following, type Session } from '../lib/session.ts';
import { en } from '../strings/en.ts';
import { headerFacts } from './header-facts.ts';

const says = en.chainPage;
/** A block with so few transactions lists them at once. */
const FEW = 20;
/** Outputs and inputs shown of one transaction. */
const MOST_PARTS = 50;

export class LookUp extends LightElement {
  static override properties = {
    text: { state: true },
    busy: { state: true },
    error: { state: true },
    block: { state: true },
    transaction: { state: true },
  };
  declare session: Session;
  declare text: string;
  declare busy: boolean;
  declare error: string;
  declare block: BlockView | undefined;
  declare transaction: TransactionView | undefined;
  #asked = 0;
  readonly #turn = (): void => this.#follow();

  constructor() {
    super();
    this.text = '';
    this.busy = false;
    this.error = '';
    new Following(this, () => this.session, false);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#turn);
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#turn);
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="look">
      <h2 id="look">${says.lookup}</h2>
      <form class="look" @submit=${(e: Event) => this.#submit(e)}>
        <div class="field">
          <label for="lookup">${says.lookupField}</label>
          <input
            id="lookup"
            class="hash"
            data-testid="field-lookup"
            maxlength="80"
            spellcheck="false"
            autocapitalize="off"
            autocomplete="off"
            .value=${this.text}
            @input=${(e: InputEvent) => (this.text = (e.target as HTMLInputElement).value)}
          />
        </div>
        <button class="primary" data-testid="lookup" ?disabled=${this.busy}>
          ${this.busy ? says.lookupBusy : says.lookupButton}
        </button>
      </form>
      ${this.error ? html`<p class="error" role="alert" data-testid="error" data-field="lookup">${this.error}</p>` : nothing}
      <div aria-live="polite">
        ${this.block ? this.#block(this.block) : nothing}${this.transaction ? this.#transaction(this.transaction) : nothing}
      </div>
    </section>`;
  }

  #block(block: BlockView): TemplateResult {
    const { header } = block;
    const shown = block.transactions.length;
    return html`<article class="found" data-testid="block" data-hash=${header.hash}>
      <h3 class="num">
        ${says.block(integer(header.height))}${header.best ? '' : ` · ${says.offBest}`}
      </h3>
      <p class="checked">${shape('check')}<span>${says.blockChecked}</span></p>
      ${headerFacts(header)}
      <dl class="facts">
        <div>
          <dt>${says.size}</dt>
          <dd class="num">${says.sizeValue(integer(block.size), integer(block.weight))}</dd>
        </div>
      </dl>
      <details class="more" ?open=${block.transactionCount <= FEW}>
        <summary>${says.transactions(integer(block.transactionCount))}</summary>
        ${shown < block.transactionCount ? html`<p class="cap">${says.firstOf(integer(shown), integer(block.transactionCount))}</p>` : nothing}
        <ol class="txids">
          ${block.transactions.map(
            ({ txid }) =>
              html`<li>
                <hash-text
                  .value=${txid}
                  .name=${says.transaction}
                  .href=${`#transaction=${txid}`}
                ></hash-text>
              </li>`,
          )}
        </ol>
      </details>
    </article>`;
  }

  #transaction(found: TransactionView): TemplateResult {
    const unit = this.session.chain?.unit ?? '';
    return html`<article class="found" data-testid="transaction" data-txid=${found.txid}>
      <h3>${says.transaction}</h3>
      <p><hash-text .value=${found.txid} .name=${says.transaction}></hash-text></p>
      <dl class="facts">
        <div>
          <dt>${says.inBlock}</dt>
          <dd>
            ${
              found.block
                ? html`<hash-text
                    .value=${found.block}
                    .head=${4}
                    .tail=${12}
                    .name=${says.hash}
                    .href=${`#block=${found.block}`}
                  ></hash-text>`
                : says.inNoBlock
            }
          </dd>
        </div>
        <div>
          <dt>${says.size}</dt>
          <dd class="num">${says.sizeValue(integer(found.size), integer(found.weight))}</dd>
        </div>
        <div>
          <dt>${says.creates}</dt>
          <dd>
            <ol class="outputs">
              ${found.outputs.slice(0, MOST_PARTS).map(
                (output) =>
                  html`<li>
                    <b class="num">${amountText(output.value, unit)}</b>
                    <hash-text
                      .value=${output.address ?? output.script}
                      .name=${says.creates}
                    ></hash-text>
                    ${output.watched ? html`<span class="tag wait">${shape('eye')}${says.watchedOutput}</span>` : nothing}
                  </li>`,
              )}
            </ol>
          </dd>
        </div>
        <div>
          <dt>${says.spends}</dt>
          <dd>
            ${
              found.spends.length
                ? html`<ol class="outputs">
                    ${found.spends.slice(0, MOST_PARTS).map((spend) => html`<li><hash-text .value=${spend} .name=${says.spends}></hash-text></li>`)}
                  </ol>`
                : says.coinbase
            }
          </dd>
        </div>
      </dl>
    </article>`;
  }

  /** A link to a block or a transaction asks for it. */
  #follow(): void {
    const { block, transaction } = chainRoute(location.hash);
    if (!block && !transaction) return;
    this.text = block ?? transaction ?? '';
    void this.#look(
      block ? [{ type: 'getBlock', block }] : [{ type: 'getTransaction', txid: this.text }],
    );
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.text.trim().toLowerCase();
    if (/^\d{1,8}$/.test(text)) return void this.#look([{ type: 'getBlock', block: text }]);
    if (!/^[0-9a-f]{64}$/.test(text)) return void (this.error = says.lookupBad);
    // A block's hash and a transaction's id look alike: the one that costs no download is tried
    // first.
    const block: Command = { type: 'getBlock', block: text };
    const transaction: Command = { type: 'getTransaction', txid: text };
    void this.#look([transaction, block]);
  }

  /** The first of these that is answered. */
  async #look(commands: Command[]): Promise<void> {
    const asked = ++this.#asked;
    this.busy = true;
    this.error = '';
    let error = '';
    for (const command of commands) {
      try {
        const reply = await this.session.request(command);
        if (asked !== this.#asked) return;
        this.block = reply.type === 'block' ? reply.block : undefined;
        this.transaction = reply.type === 'transaction' ? reply.transaction : undefined;
        error = '';
        break;
      } catch (problem) {
        error = problem instanceof Error ? problem.message : String(problem);
      }
    }
    if (asked !== this.#asked) return;
    this.error = error;
    this.busy = false;
  }
}
define('look-up', LookUp);
