/** The request of a generator, and what came of it. */
export interface Target {
  url: string;
  headers: Record<string, string>;
}

export interface Result {
  /** Answers with status 200. */
  requests: number;
  requestsPerSecond: number;
  /** Latency, ms. */
  p50: number;
  p99: number;
  /** Everything but a 200. */
  failed: number;
}
