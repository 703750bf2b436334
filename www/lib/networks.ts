// The networks that the set-up offers. What differs between them is asked of the core: this is
// only the order of a list and what an amount is called before the core has said so.

export const NETWORKS = ['bitcoin', 'testnet4', 'testnet3', 'signet', 'regtest'] as const;
export type Network = (typeof NETWORKS)[number];

export const isNetwork = (text: unknown): text is Network =>
  (NETWORKS as readonly unknown[]).includes(text);
