// Nodes and pools: those that the site offers, and nodes that a person types.

import { isNetwork, type Network } from './networks.ts';
import type { NodeAddress } from './messages.ts';

export interface OfferedNode extends NodeAddress {
  network: Network;
  /** Where the node proposes what to mine next (BIP22): on this site's own host alone. */
  template?: string;
}

/** A pool that takes shares, at an address of this site. */
export interface OfferedPool {
  /** Its own `host:port`; of this site's node, a name. */
  name: string;
  /** A `ws:` or `wss:` address of this site's own host. */
  url: string;
  /** Of this site's own node; a pool elsewhere does not say. */
  network?: Network;
}

/** The client takes no more. */
export const MOST_NODES = 8;

/** A site that does not say by then what it offers, offers nothing. */
const LIMIT_MS = 3000;

/** What is wrong with typed node addresses. */
export type NodesProblem =
  | { type: 'none' }
  | { type: 'tooMany'; most: number }
  | { type: 'notWebSocket'; text: string }
  | { type: 'insecure'; text: string };

/** The nodes of `farthing.json`: see {@link offered}. */
export const offeredNodes = async (): Promise<OfferedNode[]> => (await offered()).nodes;

/**
 * What `farthing.json` offers, which the binary serves and a static host may. Absent or unreadable
 * means that nothing is offered; every field is checked, since a host is not trusted.
 */
export async function offered(): Promise<{ nodes: OfferedNode[]; pools: OfferedPool[] }> {
  try {
    const response = await fetch(new URL('farthing.json', document.baseURI), {
      cache: 'no-store',
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!response.ok) return { nodes: [], pools: [] };
    const { nodes, pools } = (await response.json()) as { nodes?: unknown; pools?: unknown };
    return { nodes: list(nodes).flatMap(readNode), pools: list(pools).flatMap(readPool) };
  } catch {
    return { nodes: [], pools: [] };
  }
}

const list = (found: unknown): unknown[] => (Array.isArray(found) ? found.slice(0, 64) : []);
const isName = (text: unknown): text is string =>
  typeof text === 'string' && text !== '' && text.length <= 120;

function readNode(found: unknown): OfferedNode[] {
  const { network, url, operator, template } = (found ?? {}) as Record<string, unknown>;
  if (!isNetwork(network) || typeof url !== 'string') return [];
  const absolute = socketUrl(url);
  if (!absolute) return [];
  // Only about its own bridge a site can say who is behind it: any host could claim to be many.
  const own = absolute.host === location.host;
  const proposes = own ? templateUrl(template) : undefined;
  return [
    {
      network,
      url: absolute.href,
      operator: own && isName(operator) ? operator : operatorOf(absolute),
      ...(proposes === undefined ? {} : { template: proposes }),
    },
  ];
}

/** The worker that talks to pools may reach this site alone. */
function readPool(found: unknown): OfferedPool[] {
  const { network, url, name } = (found ?? {}) as Record<string, unknown>;
  const absolute = typeof url === 'string' ? socketUrl(url) : undefined;
  if (absolute?.host !== location.host || !isName(name)) return [];
  return [{ name, url: absolute.href, ...(isNetwork(network) ? { network } : {}) }];
}

/** A path of this site, or an address with a scheme, as a `ws:` or `wss:` address. */
function socketUrl(text: string): URL | undefined {
  let url: URL;
  try {
    url = new URL(text, document.baseURI);
  } catch {
    return undefined;
  }
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  return url.protocol === 'ws:' || url.protocol === 'wss:' ? url : undefined;
}

/** A path of this site: the page may ask no other. */
function templateUrl(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const url = new URL(text, document.baseURI);
    return url.origin === location.origin ? url.href : undefined;
  } catch {
    return undefined;
  }
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/;

/** Reads addresses, one a line. */
export function parseNodes(text: string): { nodes: NodeAddress[] } | { problem: NodesProblem } {
  const nodes: NodeAddress[] = [];
  for (const line of text.split(/\s+/).filter((part) => part !== '')) {
    if (!/^wss?:\/\//i.test(line)) return { problem: { type: 'notWebSocket', text: line } };
    let url: URL;
    try {
      url = new URL(line);
    } catch {
      return { problem: { type: 'notWebSocket', text: line } };
    }
    // A page served by https may open ws: to its own computer alone.
    if (location.protocol === 'https:' && url.protocol === 'ws:' && !LOOPBACK.test(url.hostname))
      return { problem: { type: 'insecure', text: line } };
    if (!nodes.some((node) => node.url === url.href))
      nodes.push({ url: url.href, operator: operatorOf(url) });
  }
  return { nodes };
}

/**
 * Who answers there, as far as an address tells. What runs on this computer or serves this page is
 * the user's own transport: the node behind it is the operator. A foreign bridge is one operator,
 * however many nodes and ports it offers.
 */
function operatorOf(url: URL): string {
  if (!LOOPBACK.test(url.hostname) && url.host !== location.host) return url.hostname;
  const target = /\/bridge\/([^/]+)\/?$/.exec(url.pathname)?.[1];
  try {
    return target ? decodeURIComponent(target) : url.host;
  } catch {
    return url.host;
  }
}
