/** Latencies in buckets that grow by 5 %: any quantile within 2.5 %, and sums of stretches of time, in little memory. */

const GROWTH = 1.05;
const SMALLEST_SECONDS = 0.000_5;
/** 0.5 ms × 1.05^220 is 23 s: longer than the longest request may take. */
const BUCKETS = 220;

export class LatencyHistogram {
  /** Made with the first observation: most seconds of most routes have none. */
  #counts: Uint32Array | undefined;
  #count = 0;
  #max = 0;

  observe(seconds: number): void {
    this.#counts ??= new Uint32Array(BUCKETS);
    const at = bucketOf(seconds);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#count += 1;
    this.#max = Math.max(this.#max, seconds);
  }

  add(other: LatencyHistogram): void {
    if (other.#counts) {
      this.#counts ??= new Uint32Array(BUCKETS);
      for (let at = 0; at < BUCKETS; at += 1)
        this.#counts[at] = (this.#counts[at] ?? 0) + (other.#counts[at] ?? 0);
    }
    this.#count += other.#count;
    this.#max = Math.max(this.#max, other.#max);
  }

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  /** Seconds; 0 where nothing was observed. */
  quantile(share: number): number {
    if (!this.#counts || this.#count === 0) return 0;
    const wanted = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let at = 0; at < BUCKETS; at += 1) {
      seen += this.#counts[at] ?? 0;
      // The middle of the bucket, by ratio, and never more than what was really observed.
      if (seen >= wanted) return Math.min(this.#max, SMALLEST_SECONDS * GROWTH ** (at + 0.5));
    }
    return this.#max;
  }
}

function bucketOf(seconds: number): number {
  if (seconds <= SMALLEST_SECONDS) return 0;
  return Math.min(BUCKETS - 1, Math.floor(Math.log(seconds / SMALLEST_SECONDS) / Math.log(GROWTH)));
}
