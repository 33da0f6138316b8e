/** Beside the requests of an engine, somebody with a browser: real where there is one, else a script that says what one would. */
export interface VisitorReport {
  /** `synthetic`: telemetry as a browser sends it, marked so, without a browser. */
  kind: 'browser' | 'synthetic';
  /** Times that the journey was walked to its end, or beacons that were sent. */
  walks: number;
  /** Walks that did not come to their end. */
  failures: number;
  /** Of the last failure. */
  reason: string | undefined;
}

export interface Visitor {
  readonly report: VisitorReport;
  stop(): Promise<void>;
}

export interface VisitorOptions {
  webUrl: string;
  /** `name=value` of the session with which it comes. */
  cookie: string;
}
