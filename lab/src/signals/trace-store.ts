/** The questions that the lab has about traces, wherever they are kept. Each driver hands out the adapter of its store. */

export interface TraceRecord {
  traceId: string;
  /** `service.name` of every span. */
  services: string[];
  spans: number;
}

export interface TraceStore {
  /** Names the store for people. */
  readonly title: string;
  /** Returns the traces of one request, by its id. @throws Error where the store does not answer. */
  ofRequest(requestId: string, signal: AbortSignal): Promise<TraceRecord[]>;
  /** Returns the ids of traces with a span that links to this one. Absent where the store cannot be asked for them. */
  linkedTo?(traceId: string, signal: AbortSignal): Promise<string[]>;
  /** Returns the address where a person sees a trace. */
  link(traceId: string): string;
}
