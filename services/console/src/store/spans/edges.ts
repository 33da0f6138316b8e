/**
 * Which service calls which, found as spans arrive. A server or consumer span names its caller's span as parent or link;
 * caller and callee come in separate exports, in any order, so what cannot be joined yet waits for the other for a while.
 */
import { SPAN_KINDS } from '../../contract/traces.ts';
import type { IncomingSpan } from './stored-span.ts';

/** Codes in the database: positions in this list. Only ever append. */
export const EDGE_TYPES = ['call', 'queue', 'database'] as const;

export interface Edge {
  minute: number;
  caller: number;
  callee: number;
  /** Position in EDGE_TYPES. */
  type: number;
  durationNs: number;
  error: boolean;
}

interface Waiting {
  edge: Omit<Edge, 'caller'>;
  /** Milliseconds. */
  sinceMs: number;
}

/** Longest time a span waits for its caller's span: several export intervals. */
const WAIT_MS = 60_000;
const MAX_WAITING = 50_000;

const SERVER = SPAN_KINDS.indexOf('server');
const CLIENT = SPAN_KINDS.indexOf('client');
const PRODUCER = SPAN_KINDS.indexOf('producer');
const CONSUMER = SPAN_KINDS.indexOf('consumer');

export class EdgeFinder {
  /** By trace and span id of the caller that is awaited; in order of arrival. */
  readonly #waiting = new Map<string, Waiting[]>();
  #waitingCount = 0;
  readonly #serviceOfSpan: (traceId: string, spanId: string) => number | undefined;
  readonly #databaseService: (name: string) => number;

  /**
   * @param serviceOfSpan looks a stored span up.
   * @param databaseService number for the name of a database, which sends no spans itself.
   */
  constructor(
    serviceOfSpan: (traceId: string, spanId: string) => number | undefined,
    databaseService: (name: string) => number,
  ) {
    this.#serviceOfSpan = serviceOfSpan;
    this.#databaseService = databaseService;
  }

  /** Edges that a newly stored span completes. Call once all spans of its batch are stored. */
  find(span: IncomingSpan, service: number, nowMs: number): Edge[] {
    const edges: Edge[] = [];
    const edge = {
      minute: Math.floor(span.startUs / 60e6),
      callee: service,
      durationNs: span.durationNs,
      error: span.error,
    };
    if (span.kind === CLIENT) {
      const system = span.attributes['db.system.name'] ?? span.attributes['db.system'];
      if (typeof system === 'string' && system !== '') {
        edges.push({
          ...edge,
          caller: service,
          callee: this.#databaseService(system.slice(0, 100)),
          type: EDGE_TYPES.indexOf('database'),
        });
      }
    }
    if (span.kind === CLIENT || span.kind === PRODUCER || this.#waitingCount > 0) {
      edges.push(...this.#release(`${span.traceId}${span.spanId}`, service));
    }
    if (span.kind === SERVER || span.kind === CONSUMER) {
      const type = EDGE_TYPES.indexOf(span.kind === CONSUMER ? 'queue' : 'call');
      const callers =
        span.parentId === null ? span.links : [{ traceId: span.traceId, spanId: span.parentId }];
      for (const caller of callers) {
        const known = this.#serviceOfSpan(caller.traceId, caller.spanId);
        if (known === undefined)
          this.#wait(`${caller.traceId}${caller.spanId}`, { edge: { ...edge, type }, sinceMs: nowMs });
        else if (known !== service) edges.push({ ...edge, type, caller: known });
      }
    }
    return edges;
  }

  /** Gives up on callers that have not come. */
  expire(nowMs: number): void {
    for (const [key, waiting] of this.#waiting) {
      const oldest = waiting[0];
      if (oldest && oldest.sinceMs >= nowMs - WAIT_MS && this.#waitingCount <= MAX_WAITING) break;
      this.#waiting.delete(key);
      this.#waitingCount -= waiting.length;
    }
  }

  #wait(key: string, waiting: Waiting): void {
    const others = this.#waiting.get(key);
    if (others) others.push(waiting);
    else this.#waiting.set(key, [waiting]);
    this.#waitingCount++;
  }

  #release(key: string, caller: number): Edge[] {
    const waiting = this.#waiting.get(key);
    if (!waiting) return [];
    this.#waiting.delete(key);
    this.#waitingCount -= waiting.length;
    return waiting.flatMap(({ edge }) => (edge.callee === caller ? [] : [{ ...edge, caller }]));
  }
}

/** Duration histogram of edges: steps of 2^(1/8), 9 %, from 1 µs. */
export function durationStepOf(nanoseconds: number): number {
  return nanoseconds <= 1000 ? 0 : Math.ceil(Math.log2(nanoseconds / 1000) * 8);
}

/** Upper edge of a step, milliseconds. */
export function durationOfStep(step: number): number {
  return 2 ** (step / 8) / 1000;
}
