// The payment links of own networks, in the form of BIP321: `farthing:ADDRESS?amount=..&label=..`,
// with the network's name beside it, since every practice network writes its addresses alike. Anybody
// can write a link: every value is checked, and nothing of it is paid before a person has read it.

import { parseAmount } from './amount.ts';
import { isOwnNetwork, type OwnNetwork } from './networks.ts';
import { LONGEST_ADDRESS, LONGEST_LABEL } from './route.ts';

export interface PaymentLink {
  address: string;
  units?: bigint;
  label?: string;
  network?: OwnNetwork;
}

/** What is wrong with what was pasted. */
export type PaymentLinkProblem =
  | { type: 'empty' }
  | { type: 'notAnAddress' }
  | { type: 'otherScheme'; scheme: string }
  | { type: 'amount'; text: string }
  /** The link demands something that this page does not know (BIP321's `req-`). */
  | { type: 'demands'; name: string };

const SCHEME = 'farthing';
/** bech32m: one case, and no 1, b, i or o after the separator. The core checks the rest. */
const ADDRESS = /^(fthp?1[ac-hj-np-z02-9]{14,}|FTHP?1[AC-HJ-NP-Z02-9]{14,})$/;

/** Reads an address, or a link to one. */
export function parsePaymentLink(
  text: string,
): { link: PaymentLink } | { problem: PaymentLinkProblem } {
  const given = text.trim();
  if (given === '') return { problem: { type: 'empty' } };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(given)?.[1];
  if (scheme && scheme.toLowerCase() !== SCHEME)
    return { problem: { type: 'otherScheme', scheme: scheme.slice(0, 20) } };
  const rest = scheme ? given.slice(scheme.length + 1) : given;
  const [address = '', query = ''] = rest.split(/\?(.*)/s);
  if (!ADDRESS.test(address) || address.length > LONGEST_ADDRESS)
    return { problem: { type: 'notAnAddress' } };
  const link: PaymentLink = { address: address.toLowerCase() };
  for (const [name, value] of new URLSearchParams(query.replaceAll('+', '%2B'))) {
    if (name === 'amount') {
      // A comma is for people who type, never for a link.
      const amount = /^[\d.]+$/.test(value) ? parseAmount(value) : undefined;
      if (!amount || 'problem' in amount)
        return { problem: { type: 'amount', text: value.slice(0, 40) } };
      link.units = amount.units;
    } else if (name === 'label') link.label = value.slice(0, LONGEST_LABEL);
    else if (name === 'network' && isOwnNetwork(value)) link.network = value;
    else if (name.startsWith('req-'))
      return { problem: { type: 'demands', name: name.slice(0, 40) } };
  }
  return { link };
}

/** Units as a link writes them: no needless zero, no grouping. */
export function linkAmount(units: bigint): string {
  const digits = units.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '');
}

/** A link that asks for a payment. */
export function paymentLink({ address, units, label, network }: PaymentLink): string {
  const query = [
    units === undefined ? '' : `amount=${linkAmount(units)}`,
    label ? `label=${encodeURIComponent(label)}` : '',
    network ? `network=${network}` : '',
  ].filter((part) => part !== '');
  return `${SCHEME}:${address}${query.length ? `?${query.join('&')}` : ''}`;
}
