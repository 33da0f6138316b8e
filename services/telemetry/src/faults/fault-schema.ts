import { FAULT_KINDS, type FaultKind } from '../metric-definitions.ts';

/** A fault to switch on; it expires `ttlSeconds` after it was set. `route`: full template; default: every route. */
export type Fault =
  /** A share of requests is answered `statusCode` (default 500) instead of being handled. */
  | { fault: 'error'; ratio: number; statusCode?: number; route?: string; ttlSeconds: number }
  /** Each request waits first. */
  | { fault: 'latency'; milliseconds: number; route?: string; ttlSeconds: number }
  /**
   * The event loop stands still while its thread computes for so much CPU time in every second, in that many `bouts` (default 1: a
   * single long one); with `route`: only while requests to it come in.
   */
  | {
      fault: 'event_loop';
      millisecondsPerSecond: number;
      bouts?: number;
      route?: string;
      ttlSeconds: number;
    }
  /** Memory is kept, up to `maxMegabytes` (default 256); with `route`: only while requests to it come in. */
  | {
      fault: 'memory';
      megabytesPerSecond: number;
      maxMegabytes?: number;
      route?: string;
      ttlSeconds: number;
    };

/** Invalid input: answer 400 with `message`, which names field, expected form and received value. */
export class FaultError extends Error {
  override name = 'FaultError';
}

interface NumberField {
  least: number;
  most: number;
  whole?: boolean;
  optional?: boolean;
}

const TTL: NumberField = { least: 1, most: 3_600 };
const FIELDS: Readonly<Record<FaultKind, Readonly<Record<string, NumberField>>>> = {
  error: {
    ratio: { least: 0, most: 1 },
    statusCode: { least: 400, most: 599, whole: true, optional: true },
    ttlSeconds: TTL,
  },
  latency: { milliseconds: { least: 1, most: 60_000 }, ttlSeconds: TTL },
  event_loop: {
    millisecondsPerSecond: { least: 1, most: 950 },
    bouts: { least: 1, most: 20, whole: true, optional: true },
    ttlSeconds: TTL,
  },
  memory: {
    megabytesPerSecond: { least: 0.1, most: 100 },
    maxMegabytes: { least: 1, most: 1_024, optional: true },
    ttlSeconds: TTL,
  },
};

/** @throws FaultError on anything but a complete, known fault within its limits; unknown fields too. */
export function parseFault(input: unknown): Fault {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new FaultError(`expected an object, received ${JSON.stringify(input) ?? 'nothing'}`);
  }
  const given = new Map<string, unknown>(Object.entries(input));
  const kind = given.get('fault');
  if (!isKind(kind)) throw expected('fault', `one of ${FAULT_KINDS.join(', ')}`, kind);
  const result: Record<string, unknown> = { fault: kind };
  for (const [name, field] of Object.entries(FIELDS[kind])) {
    const value = given.get(name);
    if (value === undefined && field.optional) continue;
    result[name] = checked(name, field, value);
  }
  const route = given.get('route');
  if (route !== undefined) {
    if (typeof route !== 'string' || !route.startsWith('/') || route.length > 200) {
      throw expected('route', 'a route template such as /api/v1/tasks/:id', route);
    }
    result['route'] = route;
  }
  for (const name of given.keys()) {
    if (!(name in result)) throw new FaultError(`${name}: not a field of the fault ${kind}`);
  }
  return result as Fault;
}

function checked(name: string, { least, most, whole }: NumberField, value: unknown): number {
  if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value)))
    return value;
  throw expected(name, `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`, value);
}

function expected(name: string, form: string, value: unknown): FaultError {
  return new FaultError(`${name}: expected ${form}, received ${JSON.stringify(value) ?? 'nothing'}`);
}

function isKind(value: unknown): value is FaultKind {
  return FAULT_KINDS.some((kind) => kind === value);
}
