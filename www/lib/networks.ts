// The networks that the set-up offers, and those that have a name of their own. What differs between
// them is asked of the core: this is only the order of a list, and which text can be a network at all.

export const NETWORKS = ['bitcoin', 'testnet4', 'testnet3', 'signet', 'regtest'] as const;
export type KnownNetwork = (typeof NETWORKS)[number];
/** A farthing network: keys are held here, and work can be done for it. */
export type OwnNetwork = 'practice' | `practice:${string}` | `farthing:${string}`;
export type Network = KnownNetwork | OwnNetwork;

export const isOwnNetwork = (text: unknown): text is OwnNetwork =>
  typeof text === 'string' && /^(practice|(practice|farthing):[a-z0-9-]{1,64})$/.test(text);

export const isNetwork = (text: unknown): text is Network =>
  (NETWORKS as readonly unknown[]).includes(text) || isOwnNetwork(text);

/** Whether its coins are worth nothing by intent. */
export const isPractice = (network: string): boolean => /^practice(:|$)/.test(network);

/** The name that people gave it: `harbour-wren` of `practice:harbour-wren`. */
export const givenName = (network: string): string => network.replace(/^(practice|farthing):/, '');
