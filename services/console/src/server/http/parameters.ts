/** Reads untrusted parameters and bodies. Every function throws HttpProblem 400 that names what is wrong. */
import type { Request } from 'express';
import type { z } from 'zod';
import { HttpProblem } from './problem.ts';

/** The value as the schema reads it. @param what `query`, `body`, or a path parameter's name, for the message. */
export function parse<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.');
  const message = unknown === undefined ? (issue?.message ?? 'not valid') : 'there is no such parameter';
  throw new HttpProblem(400, `${what}${path === '' ? '' : ` ${path}`}: ${message}`, {
    parameter: path || what,
  });
}

/** Query parameters, none but those of the schema. */
export function query<T extends z.ZodObject>(schema: T, request: Request): z.output<T> {
  // Express's object has no prototype, which zod's records refuse.
  return parse(schema.strict(), { ...request.query }, 'query') as z.output<T>;
}

export function wholeNumber(
  value: string | undefined,
  name: string,
  { min, max, fallback }: { min: number; max: number; fallback: number },
): number {
  if (value === undefined) return fallback;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new HttpProblem(
    400,
    `${name}: expected a whole number from ${min} to ${max}, received ${JSON.stringify(value.slice(0, 40))}`,
    {
      parameter: name,
    },
  );
}

/** A duration in milliseconds, as a decimal number. @returns nanoseconds. */
export function milliseconds(value: string | undefined, name: string, fallbackNs: number): number {
  if (value === undefined) return fallbackNs;
  const number = /^\d{1,12}(\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return Math.min(number * 1e6, Number.MAX_SAFE_INTEGER);
  throw new HttpProblem(
    400,
    `${name}: expected milliseconds such as 250 or 0.5, received ${JSON.stringify(value.slice(0, 40))}`,
    {
      parameter: name,
    },
  );
}

/** Comma-separated names. */
export function list(value: string | undefined): string[] {
  return value === undefined
    ? []
    : value
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;
const HOUR = 3_600_000;

/** A moment as `contract/time.ts` describes it, in milliseconds. */
export function moment(value: string, name: string, nowMs: number): number {
  const [, ago, unit] = /^now(?:-(\d{1,6})([smhdw]))?$/.exec(value) ?? [];
  if (value === 'now') return nowMs;
  if (ago !== undefined && unit !== undefined) return nowMs - Number(ago) * (UNITS[unit] ?? 0);
  const ms = /^\d{1,14}$/.test(value) ? Number(value) : ISO.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new HttpProblem(
    400,
    `${name}: expected ISO 8601, milliseconds since 1970, now or now-15m (s, m, h, d, w), received ${JSON.stringify(value.slice(0, 40))}`,
    { parameter: name },
  );
}

/** `from` and `to`; default: the last hour. */
export function timeRange(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  nowMs = Date.now(),
): { fromMs: number; toMs: number } {
  const toMs = to === undefined ? nowMs : moment(to, 'to', nowMs);
  const fromMs = from === undefined ? toMs - HOUR : moment(from, 'from', nowMs);
  if (fromMs < toMs) return { fromMs, toMs };
  throw new HttpProblem(400, 'from: expected a time before to', { parameter: 'from' });
}
