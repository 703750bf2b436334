// How a person wants blocks to be worked on. Read back as untrusted.

export interface WorkSettings {
  workers: number;
  /** The share of each core, in per cent. */
  quota: number;
  pauseWhenHidden: boolean;
  /** A typed address; empty: this browser's wallet. */
  address: string;
}

/** More than any machine has that somebody opens a tab on. */
export const MOST_WORKERS = 64;
export const QUOTAS = [10, 25, 50, 75, 100] as const;

const KEY = 'farthing.work';

/** Half the cores leave a computer usable. */
export const halfTheCores = (): number =>
  Math.min(MOST_WORKERS, Math.max(1, Math.floor((navigator.hardwareConcurrency || 2) / 2)));

export function loadWorkSettings(): WorkSettings {
  const settings = { workers: halfTheCores(), quota: 100, pauseWhenHidden: false, address: '' };
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<WorkSettings> | null;
    const { workers, quota, pauseWhenHidden, address } = found ?? {};
    if (Number.isInteger(workers) && workers! >= 1 && workers! <= MOST_WORKERS)
      settings.workers = workers!;
    if ((QUOTAS as readonly unknown[]).includes(quota)) settings.quota = quota!;
    if (typeof pauseWhenHidden === 'boolean') settings.pauseWhenHidden = pauseWhenHidden;
    if (typeof address === 'string' && address.length <= 120) settings.address = address;
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
