// What a page knows: the last word of the client worker about chain, peers and invoices, and whether
// the worker and the network are there at all. Pages read it and draw; only this file listens.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ClientState } from './client.ts';
import { unixNow } from './format.ts';
import type {
  ChainView,
  Command,
  Event as ClientEvent,
  InvoiceView,
  NodeAddress,
  NoticeKind,
  PeerView,
  Reply,
  WalletKey,
  WalletView,
} from './messages.ts';
import { en } from '../strings/en.ts';

/** What is needed of the worker's page side. */
export interface Link {
  request(command: Command): Promise<Reply>;
  subscribe(listener: (event: ClientEvent) => void): () => void;
  onState(listener: (state: ClientState) => void): () => void;
  close(): void;
}

/**
 * The public keys that are watched, and from which height on: a number, since the tip is another one
 * when a worker starts anew in a tab that only reads, and the blocks between would be missed.
 */
export interface Watched {
  keys: WalletKey[];
  birth: number;
}

export interface Notice {
  kind: NoticeKind;
  text: string;
}

/** How the network is, in the order in which it matters. */
export type NetworkState =
  | { type: 'setup' }
  | { type: 'failed'; reason: string }
  | { type: 'restarting'; reason: string }
  | { type: 'offline' }
  | { type: 'connecting' }
  | { type: 'silent' }
  | { type: 'fetching'; percent: number }
  | { type: 'stale'; age: number }
  | { type: 'connected' };

/** Notices kept for a person to read. */
const MOST_NOTICES = 5;

export class Session {
  network = '';
  client: ClientState = { type: 'starting' };
  chain: ChainView | undefined;
  peers: PeerView[] = [];
  invoices = new Map<number, InvoiceView>();
  /** One's own money, once it is watched. */
  wallet: WalletView | undefined;
  /** Whether the stored invoices were read: before that, none missing means nothing. */
  listed = false;
  notices: Notice[] = [];
  /** Why the nodes or the list could not be asked for. */
  problem: string | undefined;

  #link: Link | undefined;
  #nodes: NodeAddress[] = [];
  #watchers = new Set<() => void>();
  #invoiceWatchers = new Set<(now: InvoiceView, before: InvoiceView | undefined) => void>();
  #leave: (() => void)[] = [];
  #offlineSince: number | undefined;

  constructor(
    private readonly start: (network: string) => Link,
    /** What is stored of this browser's wallet on a network. */
    private readonly stored: (network: string) => Promise<Watched | undefined> = async () =>
      undefined,
  ) {
    if (!navigator.onLine) this.#offlineSince = unixNow();
    addEventListener('online', () => this.#lookAtLine());
    addEventListener('offline', () => this.#lookAtLine());
  }

  /** Leaves the network before, if it was another, and talks to these nodes. */
  open(network: string, nodes: NodeAddress[]): void {
    this.#nodes = nodes;
    if (this.#link && network === this.network) return this.#setNodes();
    this.close();
    this.network = network;
    const link = this.start(network);
    this.#link = link;
    this.#leave = [
      link.subscribe((event) => this.#heard(event)),
      link.onState((state) => this.#state(state)),
    ];
    this.#setNodes();
    this.#list();
    this.#changed();
  }

  close(): void {
    for (const leave of this.#leave) leave();
    this.#leave = [];
    this.#link?.close();
    this.#link = undefined;
    this.network = '';
    this.client = { type: 'starting' };
    this.chain = undefined;
    this.peers = [];
    this.invoices = new Map();
    this.wallet = undefined;
    this.listed = false;
    this.notices = [];
    this.problem = undefined;
  }

  get isOpen(): boolean {
    return this.#link !== undefined;
  }

  request(command: Command): Promise<Reply> {
    if (!this.#link) return Promise.reject(new Error(en.client.noNetwork));
    return this.#link.request(command).then((reply) => {
      if (reply.type === 'invoice') this.#keep(reply.invoice);
      return reply;
    });
  }

  /**
   * Watches the wallet that is stored, from which on its view comes with each change. A client that
   * watches these keys already is asked for nothing: a tab that only reads need not write for it.
   */
  async watchWallet(): Promise<void> {
    const link = this.#link;
    try {
      const watched = await this.stored(this.network);
      const first = watched?.keys[0];
      if (!watched || !first || !link || link !== this.#link) return;
      const known = this.wallet?.accounts.reduce((sum, { keys }) => sum + keys, 0) ?? 0;
      if (this.wallet?.wallet === first.publicKey && known >= watched.keys.length) return;
      await link.request({ type: 'watchWallet', keys: watched.keys, birth: watched.birth });
    } catch (error) {
      if (link === this.#link) this.#failed(error);
    }
  }

  /** Invoices, newest first. */
  get newestInvoices(): InvoiceView[] {
    return [...this.invoices.values()].sort((a, b) => b.id - a.id);
  }

  /** Peers that answer. */
  get ready(): PeerView[] {
    return this.peers.filter((peer) => peer.state.type === 'ready');
  }

  /** Who runs the peers that answer. */
  get operators(): string[] {
    return [...new Set(this.ready.map((peer) => peer.operator))];
  }

  /** When any peer last said anything. */
  get lastHeard(): number | undefined {
    const heard = this.peers.flatMap((peer) => peer.lastHeard ?? []);
    return heard.length ? Math.max(...heard) : undefined;
  }

  /** How the network is at this second. */
  networkState(now: number): NetworkState {
    if (!this.#link) return { type: 'setup' };
    if (this.client.type === 'failed') return { type: 'failed', reason: this.client.reason };
    if (this.client.type === 'restarting')
      return { type: 'restarting', reason: this.client.reason };
    // The browser knows of its network cards, not of a node on this computer: a word that came
    // after it said "offline" is the better witness.
    if (this.#offlineSince !== undefined && (this.lastHeard ?? 0) <= this.#offlineSince + 1)
      return { type: 'offline' };
    if (this.ready.length === 0) {
      const trying = this.peers.some(
        ({ state }) => state.type === 'connecting' || state.type === 'handshaking',
      );
      return { type: trying || this.peers.length === 0 ? 'connecting' : 'silent' };
    }
    const { chain } = this;
    if (!chain) return { type: 'connecting' };
    const fetch = chain.progress;
    if (fetch && fetch.stage !== 'blocks')
      return { type: 'fetching', percent: fetch.of ? (100 * fetch.height) / fetch.of : 0 };
    if (chain.stale) return { type: 'stale', age: now - chain.tip.time };
    return { type: 'connected' };
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Called for each change of an invoice that comes while the page is open. */
  watchInvoices(watcher: (now: InvoiceView, before: InvoiceView | undefined) => void): () => void {
    this.#invoiceWatchers.add(watcher);
    return () => this.#invoiceWatchers.delete(watcher);
  }

  #heard(event: ClientEvent): void {
    if (event.type === 'chain') this.chain = event.chain;
    else if (event.type === 'peers') this.peers = event.peers;
    else if (event.type === 'wallet') this.wallet = event.wallet;
    else if (event.type === 'invoice') return this.#keep(event.invoice);
    else if (!this.notices.some((n) => n.kind === event.kind && n.text === event.text))
      this.notices = [{ kind: event.kind, text: event.text }, ...this.notices].slice(
        0,
        MOST_NOTICES,
      );
    this.#changed();
  }

  dismiss(notice: Notice): void {
    this.notices = this.notices.filter((other) => other !== notice);
    this.#changed();
  }

  #keep(invoice: InvoiceView): void {
    const before = this.invoices.get(invoice.id);
    this.invoices.set(invoice.id, invoice);
    for (const watcher of this.#invoiceWatchers) watcher(invoice, before);
    this.#changed();
  }

  #state(state: ClientState): void {
    const again = this.client.type === 'restarting' && state.type === 'running';
    this.client = state;
    // After a trap the worker is a new one: what it has is what it stored.
    if (again) this.#list();
    this.#changed();
  }

  #setNodes(): void {
    this.#ask({ type: 'setNodes', nodes: this.#nodes });
  }

  #list(): void {
    this.#ask({ type: 'listInvoices' }, (reply) => {
      if (reply.type !== 'invoices') return;
      for (const invoice of reply.invoices) this.invoices.set(invoice.id, invoice);
      this.listed = true;
      // The client has read what it stored, and said so of a wallet that it watches.
      void this.watchWallet();
    });
  }

  #ask(command: Command, done: (reply: Reply) => void = () => {}): void {
    const link = this.#link;
    link?.request(command).then(
      (reply) => {
        if (link !== this.#link) return;
        this.problem = undefined;
        done(reply);
        this.#changed();
      },
      (error: unknown) => {
        if (link === this.#link) this.#failed(error);
      },
    );
  }

  #failed(error: unknown): void {
    this.problem = error instanceof Error ? error.message : String(error);
    this.#changed();
  }

  #lookAtLine(): void {
    this.#offlineSince = navigator.onLine ? undefined : (this.#offlineSince ?? unixNow());
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** Draws its element again when the session changes, and each second, since ages grow. */
export class Following implements ReactiveController {
  #leave: () => void = () => {};
  #timer = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly session: () => Session | undefined,
    private readonly eachSecond = true,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    const session = this.session();
    if (!session) return;
    this.#leave = session.watch(() => this.host.requestUpdate());
    if (this.eachSecond) this.#timer = window.setInterval(() => this.host.requestUpdate(), 1000);
  }

  hostDisconnected(): void {
    this.#leave();
    clearInterval(this.#timer);
  }
}
