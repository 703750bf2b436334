// The part of the address after `#`. Anybody can write a link: every value is checked, and an
// address that a link brings is only ever a proposal that a person saves.

import { parseAmount, type AmountProblem } from './amount.ts';
import { isNetwork, isOwnNetwork, type Network, type OwnNetwork } from './networks.ts';

export interface Prefill {
  network?: Network;
  address?: string;
  units?: bigint;
  label?: string;
}

export type PrefillProblem =
  | { field: 'network'; text: string }
  | { field: 'address'; text: string }
  | { field: 'amount'; text: string; problem: AmountProblem }
  | { field: 'label'; length: number };

export type TillRoute =
  | { view: 'keypad'; prefill: Prefill; problems: PrefillProblem[] }
  | { view: 'settings' }
  | { view: 'invoice'; id: number };

/** A label is a note of the merchant's, not a text. */
export const LONGEST_LABEL = 80;
/** Longer than any address of any network. */
export const LONGEST_ADDRESS = 120;
/** A payment link with a label of many bytes. */
export const LONGEST_LINK = 600;

export function tillRoute(hash: string): TillRoute {
  const text = hash.replace(/^#/, '');
  if (text === 'settings') return { view: 'settings' };
  const given = new URLSearchParams(text);
  const id = given.get('invoice');
  if (id !== null && /^[1-9]\d{0,9}$/.test(id)) return { view: 'invoice', id: Number(id) };
  const prefill: Prefill = {};
  const problems: PrefillProblem[] = [];
  const network = given.get('network');
  if (network !== null) {
    if (isNetwork(network)) prefill.network = network;
    else problems.push({ field: 'network', text: network.slice(0, 40) });
  }
  const address = given.get('address');
  if (address !== null) {
    // The charset of every address; the core checks the rest.
    if (/^[0-9A-Za-z]{14,}$/.test(address) && address.length <= LONGEST_ADDRESS)
      prefill.address = address;
    else problems.push({ field: 'address', text: address.slice(0, 40) });
  }
  const amount = given.get('amount');
  if (amount !== null) {
    const parsed = parseAmount(amount);
    if ('units' in parsed) prefill.units = parsed.units;
    else problems.push({ field: 'amount', text: amount.slice(0, 40), problem: parsed.problem });
  }
  const label = given.get('label');
  if (label !== null) {
    if (label.length <= LONGEST_LABEL) prefill.label = label;
    else problems.push({ field: 'label', length: label.length });
  }
  return { view: 'keypad', prefill, problems };
}

const TILL_KEYS = ['invoice', 'network', 'address', 'amount', 'label'] as const;

/** Whether this is for the till, which once was the front page: links to it are on paper. */
export function isTillLink(hash: string): boolean {
  const text = hash.replace(/^#/, '');
  const given = new URLSearchParams(text);
  return text === 'settings' || TILL_KEYS.some((key) => given.has(key));
}

export interface ChainRoute {
  network?: Network;
  block?: string;
  transaction?: string;
}

export function chainRoute(hash: string): ChainRoute {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const network = given.get('network');
  const block = given.get('block') ?? '';
  const transaction = given.get('transaction') ?? '';
  const route: ChainRoute = isNetwork(network) ? { network } : {};
  if (/^(\d{1,8}|[0-9a-f]{64})$/i.test(block)) return { ...route, block };
  if (/^[0-9a-f]{64}$/i.test(transaction)) return { ...route, transaction };
  return route;
}

/** The Chain page with a transaction or a block of a network. */
export const chainLink = (
  network: string,
  what: { block?: string; transaction?: string },
): string =>
  `./chain.html#${new URLSearchParams({ network, ...what }).toString().replaceAll('%3A', ':')}`;

const WALLET_VIEWS = ['receive', 'send', 'keys', 'create', 'restore'] as const;

export interface WalletRoute {
  view: 'home' | (typeof WALLET_VIEWS)[number];
  network?: OwnNetwork;
  /** A payment link to be filled in; paid by nobody but the person who reviews it. */
  pay?: string;
  /** An unconfirmed transaction whose fee is to be raised. */
  raise?: string;
}

export function walletRoute(hash: string): WalletRoute {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const network = given.get('network');
  const pay = given.get('pay');
  const raise = given.get('raise') ?? '';
  const route: Omit<WalletRoute, 'view'> = isOwnNetwork(network) ? { network } : {};
  if (pay !== null && pay.length <= LONGEST_LINK) return { ...route, view: 'send', pay };
  if (/^[0-9a-f]{64}$/i.test(raise)) return { ...route, view: 'send', raise };
  return { ...route, view: WALLET_VIEWS.find((view) => given.has(view)) ?? 'home' };
}
