// The story of the front page, without a page: a wallet is opened, workers search, an invoice is made,
// the coin that was found pays it. Nothing begins before `begin`; each step that a person takes is a
// method, and what is true now is read from the session, the wallet and the work.

import { ChainSource } from '../lib/chain-source.ts';
import type { InvoiceView, SpendRequest } from '../lib/messages.ts';
import { WALLET, TILL, type OwnWallet } from '../lib/own-wallet.ts';
import type { Session } from '../lib/session.ts';
import { DEFAULTS } from '../lib/settings.ts';
import type { Work } from '../lib/work.ts';
import { en } from '../strings/en.ts';

/** What the till asks for: 1.20. */
export const PRICE = 120_000_000n;
/** A fee never comes near this; a coin less than the price and this does not count as enough. */
const ROOM_FOR_FEE = 1_000_000n;

export type Stage =
  'idle' | 'opening' | 'mining' | 'ready' | 'review' | 'sending' | 'sent' | 'done';

export interface Plan {
  workers: number;
  template: string | undefined;
}

export class Story {
  /** What went wrong with the last step: a sentence. */
  problem: string | undefined;
  /** The request that is on show, to be signed or not. */
  request: SpendRequest | undefined;
  /** The transaction that was sent. */
  txid: string | undefined;

  #step: 'idle' | 'opening' | 'begun' | 'sending' = 'idle';
  #invoice: number | undefined;
  #watchers = new Set<() => void>();

  constructor(
    private readonly session: Session,
    private readonly wallet: OwnWallet,
    private readonly work: Work,
    /** Opens the stored wallet with its passphrase. */
    private readonly unlock: (network: string, passphrase: string) => Promise<unknown>,
  ) {}

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  get stage(): Stage {
    if (this.#step !== 'begun') return this.#step;
    if (this.invoice?.status.type === 'settled') return 'done';
    if (this.txid !== undefined) return 'sent';
    if (this.request) return 'review';
    return this.#spendable >= PRICE + ROOM_FOR_FEE && this.invoice ? 'ready' : 'mining';
  }

  /** The till's invoice, as the core has it. */
  get invoice(): InvoiceView | undefined {
    return this.#invoice === undefined ? undefined : this.session.invoices.get(this.#invoice);
  }

  get #spendable(): bigint {
    const { wallet } = this.session;
    return wallet?.accounts.find(({ account }) => account === WALLET)?.spendable ?? 0n;
  }

  /** The one click: opens the wallet or makes it, starts the workers, and lets the till ask. */
  async begin(passphrase: string, plan: Plan): Promise<void> {
    if (this.#step !== 'idle') return;
    await this.#do('opening', 'idle', async () => {
      if (this.wallet.problem) throw new Error(this.wallet.problem);
      if (!this.wallet.vault) await this.wallet.create(passphrase, 12);
      else if (!this.wallet.isOpen) await this.unlock(this.wallet.network, passphrase);
      const { address } = await this.wallet.freshKey(WALLET);
      const source = new ChainSource(this.session, { address, template: plan.template });
      this.work.start({ source, workers: plan.workers, quota: 1, graphics: 'off' });
      await this.#ask();
    });
  }

  /** Another customer: a new invoice, to a new address. */
  async again(): Promise<void> {
    if (this.#step !== 'begun') return;
    await this.#do('sending', 'begun', async () => {
      await this.#ask();
      this.txid = undefined;
      this.request = undefined;
    });
  }

  /** Chooses the coins and shows what would be signed. Nothing is signed yet. */
  async pay(): Promise<void> {
    const { invoice } = this;
    if (!invoice || this.stage !== 'ready') return;
    await this.#do('sending', 'begun', async () => {
      this.request = await this.wallet.prepare(WALLET, invoice.request.address, PRICE, null);
    });
  }

  /** Signs what is on show, and sends it. A wallet that locked itself wants the passphrase again. */
  async send(passphrase: string | undefined): Promise<void> {
    const { request } = this;
    if (!request || this.#step !== 'begun') return;
    await this.#do('sending', 'begun', async () => {
      if (!this.wallet.isOpen && passphrase !== undefined)
        await this.unlock(this.wallet.network, passphrase);
      this.txid = await this.wallet.send(request);
      this.request = undefined;
    });
  }

  /** Leaves what is on show unsigned. */
  putAway(): void {
    this.request = undefined;
    this.problem = undefined;
    this.#changed();
  }

  /** The till asks for the price, at an address of its own account that nobody was ever given. */
  async #ask(): Promise<void> {
    const { address } = await this.wallet.freshKey(TILL);
    const reply = await this.session.request({
      type: 'createInvoice',
      request: {
        label: en.tryPage.label,
        address,
        due: PRICE,
        tolerancePpm: DEFAULTS.tolerancePpm,
        confirmations: DEFAULTS.confirmations,
        expiresIn: DEFAULTS.expiresIn,
        attackerSharePpm: DEFAULTS.attackerSharePpm,
      },
    });
    if (reply.type === 'invoice') this.#invoice = reply.invoice.id;
  }

  async #do(during: 'opening' | 'sending', after: 'idle' | 'begun', step: () => Promise<void>) {
    this.#step = during;
    this.problem = undefined;
    this.#changed();
    try {
      await step();
      this.#step = 'begun';
    } catch (error) {
      this.#step = after;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
