/** Addresses of the cluster: constant within the node's own network, chosen free where the machine sees them. */

/** Pods and services live in the node's network namespace, which no other cluster and no other program shares. */
export const POD_RANGE = '10.244.0.0/16';
export const NODE_POD_RANGE = '10.244.0.0/24';
export const SERVICE_RANGE = '10.96.0.0/16';
/** The first address of the services' range: `kubernetes.default`. */
export const API_SERVICE = '10.96.0.1';
export const DNS_SERVICE = '10.96.0.10';

/** The link between this machine and the node: two addresses that nothing beyond this machine uses. */
export interface Link {
  host: string;
  node: string;
  prefixLength: number;
}

interface Range {
  first: number;
  last: number;
}

/** RFC 2544 keeps 198.18.0.0/15 for tests of network devices: no public address, and rarely a private one. */
const LINKS = rangeOf('198.18.0.0/15');
const PREFIX_LENGTH = 30;
const LINK_SIZE = 2 ** (32 - PREFIX_LENGTH);

/**
 * The link of a cluster: its own place in the range, or the next that is free.
 * @param id hexadecimal, of the lab.
 * @param taken networks that this machine knows, as `a.b.c.d/n`.
 * @throws Error where none is free.
 */
export function chooseLink(id: string, taken: readonly string[]): Link {
  const used = taken.map(rangeOf);
  const places = (LINKS.last - LINKS.first + 1) / LINK_SIZE;
  const start = Number.parseInt(id.slice(0, 8), 16) % places;
  for (let step = 0; step < places; step += 1) {
    const first = LINKS.first + ((start + step) % places) * LINK_SIZE;
    const last = first + LINK_SIZE - 1;
    if (used.some((range) => range.first <= last && first <= range.last)) continue;
    return { host: written(first + 1), node: written(first + 2), prefixLength: PREFIX_LENGTH };
  }
  throw new Error('expected a free network of four addresses in 198.18.0.0/15: this machine uses them all');
}

/** @param network as `a.b.c.d/n`, or one address. */
function rangeOf(network: string): Range {
  const [address = '', length = '32'] = network.split('/');
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

function written(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
}
