import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseDuration } from '../duration.ts';

/**
 * The objectives file, `prometheus/slo.yaml`: the one place where objectives, their queries and the burn rates are written.
 */
const duration = z.string().refine((text) => {
  try {
    return parseDuration(text) > 0;
  } catch {
    // The refinement's own message says what was expected.
    return false;
  }
}, 'expected a Prometheus duration such as 30d');

const query = z.string().includes('[$window]', { message: 'expected a query with the range [$window]' });

const objective = z.strictObject({
  /** Value of the `slo` label. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  service: z.string().min(1),
  /** The promised share of good requests. */
  objective: z.number().gt(0).lt(1),
  /** For latency objectives: seconds within which a request counts as good. Must be a bucket's edge. */
  thresholdSeconds: z.number().positive().optional(),
  /** Requests a second. */
  total: query,
  /** Good requests a second. */
  good: query,
});

const burnRate = z.strictObject({
  alert: z.string().regex(/^[A-Z][A-Za-z0-9]+$/),
  factor: z.number().positive(),
  long: duration,
  short: duration,
  severity: z.enum(['critical', 'warning', 'info']),
});

const schema = z.strictObject({
  window: duration,
  minimumRequestsPerSecond: z.number().positive(),
  objectives: z.array(objective).min(1),
  burnRates: z.array(burnRate).min(1),
});

export type Objectives = z.infer<typeof schema>;
export type Objective = z.infer<typeof objective>;
export type BurnRate = z.infer<typeof burnRate>;

/** Reads and checks an objectives file's text. Throws an Error that names each wrong field. */
export function parseObjectives(text: string, source = 'slo.yaml'): Objectives {
  const result = schema.safeParse(parse(text));
  if (!result.success) throw new Error(`${source}: ${z.prettifyError(result.error)}`);
  const names = result.data.objectives.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${source}: objective "${twice}" is defined twice`);
  return result.data;
}

/** The objectives of this repository (`prometheus/slo.yaml`). */
export function readObjectives(): Objectives {
  return parseObjectives(
    readFileSync(new URL('../../slo.yaml', import.meta.url), 'utf8'),
    'prometheus/slo.yaml',
  );
}
