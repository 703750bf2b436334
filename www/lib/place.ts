// Where a page is: on which network, and which nodes it talks to. What a person saved comes before
// what the site offers, and a link may name a network, never a node.

import type { NodeAddress } from './messages.ts';
import { isOwnNetwork, type Network, type OwnNetwork } from './networks.ts';
import { MOST_NODES, type OfferedNode } from './nodes.ts';
import type { Settings } from './settings.ts';

export interface Place<N extends Network = Network> {
  network: N;
  nodes: NodeAddress[];
  /** Where this site's own node says what it would mine next, if it does for this network. */
  template: string | undefined;
}

function placeOn<N extends Network>(
  network: N,
  offered: OfferedNode[],
  settings: Settings | undefined,
): Place<N> {
  const offers = offered.filter((node) => node.network === network);
  const nodes =
    settings?.network === network
      ? settings.nodes
      : offers.slice(0, MOST_NODES).map(({ url, operator }) => ({ url, operator }));
  return { network, nodes, template: offers.find((node) => node.template)?.template };
}

/** Where the till, or a page that looks over its shoulder, is; a link may name another network. */
export function anyPlace(
  offered: OfferedNode[],
  settings: Settings | undefined,
  named?: Network,
): Place | undefined {
  const network = named ?? settings?.network ?? offered[0]?.network;
  return network && placeOn(network, offered, settings);
}

/**
 * Where a page that holds keys or mines is: on an own network. The one that a link names, then the
 * till's, then that of this site's own node.
 */
export function ownPlace(
  offered: OfferedNode[],
  settings: Settings | undefined,
  named?: OwnNetwork,
): Place<OwnNetwork> | undefined {
  const network = [named, settings?.network, ...offered.map((node) => node.network)].find(
    isOwnNetwork,
  );
  return network && placeOn(network, offered, settings);
}
