/** A token bucket for each client, for a bounded number of clients. */

export interface RateLimitOptions {
  /** Tokens a second. */
  rate: number;
  /** Tokens that can be saved up. */
  burst: number;
  /** Clients remembered; the one longest unseen is forgotten first. */
  clients?: number;
  /** Milliseconds, monotonic. */
  now?: () => number;
}

export interface RateLimit {
  /** Takes a token; false where there is none. */
  take(client: string): boolean;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { rate, burst, clients = 10_000, now = () => performance.now() } = options;
  /** In the order of their last use: a Map keeps the order of insertion. */
  const buckets = new Map<string, Bucket>();

  return {
    take(client) {
      const time = now();
      const known = buckets.get(client);
      buckets.delete(client);
      const bucket = known ?? { tokens: burst, filledAt: time };
      bucket.tokens = Math.min(burst, bucket.tokens + ((time - bucket.filledAt) / 1000) * rate);
      bucket.filledAt = time;
      buckets.set(client, bucket);
      if (buckets.size > clients) forgetOldest(buckets);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  const [oldest] = buckets.keys();
  if (oldest !== undefined) buckets.delete(oldest);
}

/** One IPv6 client commands a whole /64, so that is what counts as one. */
export function clientKey(address: string | undefined): string {
  if (address === undefined || !address.includes(':') || address.startsWith('::ffff:')) return address ?? '';
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0');
  return `${[...groups, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
