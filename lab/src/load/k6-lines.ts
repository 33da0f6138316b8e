/** Reads what loadtests/k6/load.ts writes about each request and journey, and counts it as the lab's own engine would. */
import type { AcknowledgedWrites } from './acknowledged-writes.ts';
import type { ArrivalReport } from './arrivals.ts';
import type { LoadCounts, Result } from './counts.ts';
import type { PooledAccount } from './people.ts';

export interface K6LineOptions {
  counts: LoadCounts;
  writes: AcknowledgedWrites;
  accounts: readonly PooledAccount[];
  /** Once aborted, requests without an answer were cut off by the end of the load. */
  signal: AbortSignal;
  /** What is not ours: k6's own warnings and errors. */
  other(line: string): void;
}

/** k6's judgement, which is the lab's too, and failed requests, which the script names with their reason. */
const SAID_BETTER = /^(thresholds on metrics |Request Failed$)/;

export class K6Lines {
  readonly #options: K6LineOptions;
  #begun = 0;
  #ended = 0;
  #dropped = 0;
  readonly #first = Promise.withResolvers<void>();

  constructor(options: K6LineOptions) {
    this.#options = options;
  }

  /** When the first journey has begun. */
  get firstJourney(): Promise<void> {
    return this.#first.promise;
  }

  get arrivals(): ArrivalReport {
    return {
      due: this.#begun + this.#dropped,
      begun: this.#begun,
      turnedAway: this.#dropped,
      underWay: Math.max(0, this.#begun - this.#ended),
      // k6 does not say; journeys that it could not begin in time it drops.
      worstLagSeconds: 0,
    };
  }

  read(line: string): void {
    const [kind, ...rest] = line.split('\t');
    if (kind === 'B') this.#journeyBegun();
    else if (kind === 'E') this.#ended += 1;
    else if (kind === 'R' && rest.length === 7) this.#request(rest);
    else if (kind === 'W' && rest.length === 2) this.#write(rest);
    else if (kind === 'S' && rest.length === 2) this.#dropped = Number(rest[1]);
    else if (line.trim() !== '' && !SAID_BETTER.test(line)) this.#options.other(line);
  }

  #journeyBegun(): void {
    this.#begun += 1;
    this.#first.resolve();
  }

  #request([
    method = '',
    route = '',
    result = '',
    expected = '',
    seconds = '',
    at = '',
    trace = '',
  ]: string[]): void {
    this.#options.counts.add({
      method,
      route,
      result: this.#resultOf(Number(result)),
      expected: Number(expected),
      seconds: Number(seconds),
      at: Number(at),
      ...(trace === '' ? {} : { traceId: trace }),
    });
  }

  /** Codes from 1000 are k6's own: https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
  #resultOf(code: number): Result {
    if (code > 0 && code < 1000) return code;
    if (this.#options.signal.aborted) return 'aborted';
    if (code === 1212) return 'refused';
    return code === 1050 || code === 1211 ? 'timeout' : 'cut-off';
  }

  #write([account, json = '']: string[]): void {
    const owner = this.#options.accounts[Number(account)];
    // A write whose answer had no body: `undefined`.
    if (owner && json.startsWith('{')) this.#options.writes.note(owner, JSON.parse(json));
  }
}
