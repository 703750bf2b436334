// How a person wants blocks to be worked on. Read back as untrusted.

import type { GraphicsUse } from './work.ts';

export interface WorkSettings {
  workers: number;
  /** The share of each core, in per cent. */
  quota: number;
  graphics: GraphicsUse;
  pauseWhenHidden: boolean;
  pauseOnBattery: boolean;
  /** A typed address; empty: this browser's wallet. */
  address: string;
  /** The pool's address; empty: blocks of this network's chain, without a pool. */
  source: string;
  /** Who a pool of another network is to credit: an address there, as the pool wants it. */
  user: string;
}

/** More than any machine has that somebody opens a tab on. */
export const MOST_WORKERS = 64;
export const QUOTAS = [10, 25, 50, 75, 100] as const;
export const GRAPHICS_USES: readonly GraphicsUse[] = ['auto', 'on', 'off'];

/** Of a pool's address, and of a user name at it. */
const LONGEST_SOURCE = 300;
export const LONGEST_USER = 120;

const KEY = 'farthing.work';

/** Half the cores leave a computer usable. */
export const halfTheCores = (): number =>
  Math.min(MOST_WORKERS, Math.max(1, Math.floor((navigator.hardwareConcurrency || 2) / 2)));

export function loadWorkSettings(): WorkSettings {
  const settings: WorkSettings = {
    workers: halfTheCores(),
    quota: 100,
    graphics: 'auto',
    pauseWhenHidden: false,
    pauseOnBattery: false,
    address: '',
    source: '',
    user: '',
  };
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<WorkSettings> | null;
    const { workers, quota, graphics, address, source, user } = found ?? {};
    const { pauseWhenHidden, pauseOnBattery } = found ?? {};
    if (Number.isInteger(workers) && workers! >= 1 && workers! <= MOST_WORKERS)
      settings.workers = workers!;
    if ((QUOTAS as readonly unknown[]).includes(quota)) settings.quota = quota!;
    if ((GRAPHICS_USES as readonly unknown[]).includes(graphics)) settings.graphics = graphics!;
    if (typeof pauseWhenHidden === 'boolean') settings.pauseWhenHidden = pauseWhenHidden;
    if (typeof pauseOnBattery === 'boolean') settings.pauseOnBattery = pauseOnBattery;
    if (typeof address === 'string' && address.length <= 120) settings.address = address;
    if (typeof source === 'string' && source.length <= LONGEST_SOURCE) settings.source = source;
    if (typeof user === 'string' && user.length <= LONGEST_USER) settings.user = user;
  } catch {
    // Storage denied, or not ours: as if nothing were there.
  }
  return settings;
}

export function saveWorkSettings(settings: WorkSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // They hold for this visit.
  }
}
