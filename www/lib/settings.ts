// What the till remembers between visits. It is read back as untrusted: a field that is not what it
// should be makes the whole of it unread, and the till asks again.

import { isNetwork, isOwnNetwork, type Network } from './networks.ts';
import type { NodeAddress } from './messages.ts';
import type { OfferedNode } from './nodes.ts';
import { ownPlace } from './place.ts';

export interface Settings {
  network: Network;
  nodes: NodeAddress[];
  /** Empty on an own network: each invoice has a fresh address of this browser's wallet. */
  address: string;
  /** Confirmations until a payment is settled. */
  confirmations: number;
  /** Seconds until an invoice expires. */
  expiresIn: number;
  /** Parts per million of the amount that may be missing. */
  tolerancePpm: number;
  /** Parts per million of all hash power that an attacker is thought to have. */
  attackerSharePpm: number;
  /** The most units due for which the cashier may hand over at risk; digits, for JSON has no bigint. */
  riskCap: string;
}

export const DEFAULTS = {
  confirmations: 1,
  expiresIn: 15 * 60,
  tolerancePpm: 0,
  attackerSharePpm: 100_000,
  riskCap: '1000000',
} as const;

/** Own coins are not scarce: this many units may be handed over at risk. */
const OWN_RISK_CAP = '1000000000';

/** What a till that nobody set up does where the site serves a network of its own. */
export function usualSettings(offered: OfferedNode[]): Settings | undefined {
  const place = isOwnNetwork(offered[0]?.network) ? ownPlace(offered, undefined) : undefined;
  return (
    place && {
      ...DEFAULTS,
      network: place.network,
      nodes: place.nodes,
      address: '',
      riskCap: OWN_RISK_CAP,
    }
  );
}

const KEY = 'farthing.till';

const within = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

function isNode(value: unknown): value is NodeAddress {
  const { url, operator } = (value ?? {}) as Record<string, unknown>;
  return typeof url === 'string' && /^wss?:\/\//.test(url) && typeof operator === 'string';
}

/** The settings of the last visit, if they can be read. */
export function loadSettings(): Settings | undefined {
  try {
    const s = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Settings> | null;
    if (
      s &&
      isNetwork(s.network) &&
      Array.isArray(s.nodes) &&
      s.nodes.every(isNode) &&
      typeof s.address === 'string' &&
      (s.address !== '' || isOwnNetwork(s.network)) &&
      within(s.confirmations, 0, 100) &&
      within(s.expiresIn, 1, 0xffff_ffff) &&
      within(s.tolerancePpm, 0, 999_999) &&
      within(s.attackerSharePpm, 0, 1_000_000) &&
      typeof s.riskCap === 'string' &&
      /^\d{1,16}$/.test(s.riskCap)
    )
      return s as Settings;
  } catch {
    // Storage denied, or not ours: as if nothing were there.
  }
  return undefined;
}

/** Whether it could be stored; where it could not, it holds for this visit. */
export function saveSettings(settings: Settings): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
    return true;
  } catch {
    return false;
  }
}
