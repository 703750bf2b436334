// This browser's wallet on one network, as a page holds it: what is stored of it, whether it is open,
// and every step of it that concerns coins. The keys are in a worker; here are public keys alone.

import type { KeysCommand, KeysReply, SpendRequest, WalletKey } from './messages.ts';
import { isPractice, type OwnNetwork } from './networks.ts';
import type { Session } from './session.ts';
import type { StoredVault } from './vault-store.ts';
import { en } from '../strings/en.ts';

/** What is needed of the keys worker's page side. */
export interface KeysLink {
  /** Whether it may sign. */
  readonly isOpen: boolean;
  request(command: KeysCommand): Promise<KeysReply>;
  lock(): void;
  onLock(listener: () => void): () => void;
}

/** What is needed of the vault and its store, by network; each step is stored when it resolves. */
export interface Vaults {
  keysOf(network: string): KeysLink;
  load(network: string): Promise<StoredVault | undefined>;
  /** Without a passphrase: the one of practice networks. */
  create(
    network: string,
    passphrase: string | undefined,
    options: { words: 12 | 24; birth: number },
  ): Promise<{ phrase: string[] }>;
  restore(network: string, phrase: string, passphrase: string): Promise<unknown>;
  phrase(network: string, passphrase: string): Promise<string[]>;
  changePassphrase(network: string, old: string, next: string): Promise<void>;
  confirm(network: string): Promise<void>;
  /** Takes the next key of an account: no tab gets it again. */
  take(network: string, account: number): Promise<WalletKey>;
  skipTo(network: string, account: number, index: number): Promise<void>;
  moreKeys(network: string, account: number): Promise<WalletKey[]>;
  wipe(network: string): Promise<void>;
}

export const WALLET = 0;
export const TILL = 1;

/** With fewer keys than this above the last one that was paid, more may have been: they are made. */
const GAP = 100;

const says = en.walletPage.problems;

export class OwnWallet {
  /** Whether the store was read. */
  read = false;
  vault: StoredVault | undefined;
  /** Why the store cannot be read. */
  problem: string | undefined;

  #network: OwnNetwork | undefined;
  #keys: KeysLink | undefined;
  #leave: () => void = () => {};
  /** An index for change that was taken and not spent to yet. */
  #change = new Map<number, number>();
  #watchers = new Set<() => void>();
  /** How many keys of an account there were when more were asked for. */
  #widened = new Map<number, number>();

  constructor(
    private readonly session: Session,
    private readonly vaults: Vaults,
  ) {
    session.watch(() => void this.widen());
  }

  /** Whether the keys worker holds the open vault. */
  get isOpen(): boolean {
    return this.#keys?.isOpen ?? false;
  }

  get network(): OwnNetwork {
    return this.#network ?? 'practice';
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Reads what is stored for a network. */
  async begin(network: OwnNetwork): Promise<void> {
    if (network !== this.#network) this.#join(network);
    try {
      this.vault = await this.vaults.load(network);
      this.problem = undefined;
    } catch (error) {
      this.problem = says.store(sentence(error));
    }
    this.read = true;
    this.#changed();
  }

  /** The keys of another network: each has a vault of its own. */
  #join(network: OwnNetwork): void {
    this.#leave();
    this.#change.clear();
    this.#widened.clear();
    this.vault = undefined;
    this.read = false;
    this.#network = network;
    this.#keys = this.vaults.keysOf(network);
    this.#leave = this.#keys.onLock(() => {
      // What failed may go through once it is open again.
      this.#widened.clear();
      this.#changed();
    });
  }

  /** Makes a wallet, and gives its phrase to be shown. Its coins are looked for from the tip on. */
  async create(passphrase: string | undefined, words: 12 | 24): Promise<string[]> {
    // Before any tip is known every block is looked at: no coin is missed, it only takes longer.
    const birth = this.session.chain?.tip.height ?? 0;
    const made = this.vaults.create(this.network, passphrase, { words, birth });
    return (await this.#anew(made)).phrase;
  }

  /**
   * On a practice network a wallet is made where there is none. It is asked for under a lock, so that
   * two tabs make one.
   */
  async createToPractise(): Promise<void> {
    const { network } = this;
    if (!isPractice(network)) return;
    const make = async (): Promise<void> => {
      await this.begin(network);
      if (!this.vault && !this.problem) await this.create(undefined, 12);
    };
    // Plain http on a LAN has no locks; the store still keeps the first one that was made.
    await (navigator.locks?.request(`farthing.vault.${network}`, make) ?? make());
  }

  /** Makes the wallet of a phrase; its coins are looked for from the first block on. */
  async restore(phrase: string, passphrase: string): Promise<void> {
    await this.#anew(this.vaults.restore(this.network, phrase, passphrase));
  }

  lock(): void {
    this.#keys?.lock();
    this.#changed();
  }

  phrase(passphrase: string): Promise<string[]> {
    return this.vaults.phrase(this.network, passphrase);
  }

  async changePassphrase(old: string, next: string): Promise<void> {
    await this.#anew(this.vaults.changePassphrase(this.network, old, next));
  }

  /** The phrase was repeated: it is written down somewhere. */
  async confirm(): Promise<void> {
    await this.#anew(this.vaults.confirm(this.network));
  }

  /** Forgets everything of this wallet here. Its coins are the phrase's. */
  async wipe(): Promise<void> {
    await this.vaults.wipe(this.network);
    this.vault = undefined;
    this.#change.clear();
    this.#widened.clear();
    await this.session.request({ type: 'forgetWallet' });
    this.session.wallet = undefined;
    this.#changed();
  }

  /**
   * An address that was never given to anybody, past every one that was ever paid: a wallet that was
   * restored here has used some.
   */
  async freshKey(account: number): Promise<WalletKey> {
    const { network } = this;
    const view = this.session.wallet?.accounts.find((one) => one.account === account);
    if (view) await this.vaults.skipTo(network, account, view.nextIndex);
    try {
      return await this.vaults.take(network, account);
    } catch (error) {
      // The keys in store may be used up: whoever has the wallet open makes more.
      if (!this.isOpen || !this.mayReceive) throw error;
      await this.#anew(this.vaults.moreKeys(network, account));
      return this.vaults.take(network, account);
    }
  }

  /** Whether addresses that nobody watches yet may have been paid: an open wallet makes more. */
  get mayHoldMore(): boolean {
    return !this.isOpen && this.#nearTheEnd.length > 0;
  }

  /** The accounts with few keys above the last one that was paid, with how many they have. */
  get #nearTheEnd(): { account: number; keys: number }[] {
    const { vault } = this;
    const view = this.session.wallet;
    if (!vault || !view || view.wallet !== vault.keys[0]?.publicKey) return [];
    return view.accounts.filter(({ nextIndex, keys }) => keys - nextIndex < GAP);
  }

  /**
   * Watches more keys while the last ones that are watched were paid: a wallet that was restored
   * does not know how many it once gave out. They are looked for from its birth on.
   */
  async widen(): Promise<void> {
    for (const { account, keys } of this.#nearTheEnd) {
      if (!this.isOpen) return;
      // Until these are watched, and where it failed until it is opened again: once.
      if (this.#widened.get(account) === keys) continue;
      this.#widened.set(account, keys);
      try {
        await this.#anew(this.vaults.moreKeys(this.network, account));
      } catch (error) {
        this.session.problem = sentence(error);
      }
    }
  }

  /** Where coins are worth something, only what is written down is worth being paid to. */
  get mayReceive(): boolean {
    return this.vault !== undefined && (this.vault.confirmed || isPractice(this.network));
  }

  /** The address at an index that was taken before. */
  keyAt(account: number, index: number): WalletKey | undefined {
    return this.vault?.keys.find(({ path }) => path.account === account && path.index === index);
  }

  /** Chooses the coins of a payment; without an amount, all of them. */
  async prepare(
    account: number,
    to: string,
    amount: bigint | null,
    feeRate: bigint | null,
  ): Promise<SpendRequest> {
    const changeIndex = await this.#changeIndex(account);
    const reply = await this.session.request({
      type: 'preparePayment',
      account,
      to,
      amount,
      feeRate,
      changeIndex,
    });
    if (reply.type !== 'spend') throw new Error(says.unexpected);
    return reply.request;
  }

  /** The same payment with a higher fee. */
  async prepareReplacement(
    txid: string,
    account: number,
    feeRate: bigint | null,
  ): Promise<SpendRequest> {
    const changeIndex = await this.#changeIndex(account);
    const reply = await this.session.request({
      type: 'prepareReplacement',
      txid,
      feeRate,
      changeIndex,
    });
    if (reply.type !== 'spend') throw new Error(says.unexpected);
    return reply.request;
  }

  /** Signs exactly this, and hands it to the nodes. Gives the transaction's id. */
  async send(request: SpendRequest): Promise<string> {
    const { transaction, txid } = await this.#ask({ type: 'sign', request }, 'signed');
    await this.session.request({ type: 'submitTransaction', hex: transaction });
    for (const output of request.outputs)
      if (output.type === 'change' && this.#change.get(output.path.account) === output.path.index)
        this.#change.delete(output.path.account);
    return txid;
  }

  /** One index for change is enough until something was sent to it. */
  async #changeIndex(account: number): Promise<number> {
    const taken = this.#change.get(account);
    if (taken !== undefined) return taken;
    const { index } = (await this.freshKey(account)).path;
    this.#change.set(account, index);
    return index;
  }

  /** What is stored now, after a step that changed it, and whatever became of that step. */
  async #anew<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } finally {
      await this.begin(this.network);
      await this.session.watchWallet();
    }
  }

  async #ask<T extends KeysReply['type']>(
    command: KeysCommand,
    wanted: T,
  ): Promise<Extract<KeysReply, { type: T }>> {
    const reply = await this.#keys?.request(command);
    if (reply?.type !== wanted) throw new Error(says.unexpected);
    return reply as Extract<KeysReply, { type: T }>;
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

const sentence = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
