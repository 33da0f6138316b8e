import type { IncomingMessage } from 'node:http';

const IPV4_IN_IPV6 = '::ffff:';

/**
 * Who asked: the socket's address, or what the outermost of our own proxies saw. Entries of X-Forwarded-For further left were
 * written by strangers and prove nothing.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const peer = request.socket.remoteAddress ?? '';
  if (trustedProxies > 0) {
    const header = request.headers['x-forwarded-for'];
    if (typeof header === 'string') {
      const hops = header.split(',');
      const address = hops[Math.max(0, hops.length - trustedProxies)]?.trim();
      if (address !== undefined && address !== '' && address.length <= 64) return address;
    }
  }
  return peer.startsWith(IPV4_IN_IPV6) ? peer.slice(IPV4_IN_IPV6.length) : peer;
}
