/** Prometheus's answers as typed data. */
import { z } from 'zod';
import { HttpProblem } from '../http/problem.ts';
import { callJson, type Upstream } from '../http/upstream.ts';

const labels = z.record(z.string(), z.string());
const sample = z.tuple([z.number(), z.string()]);
const optionalTime = z.string().optional();

const vectorSchema = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ metric: labels, value: sample })),
});
const matrixSchema = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: labels, values: z.array(sample) })),
});
const targetsSchema = z.object({
  activeTargets: z.array(
    z.object({
      labels,
      scrapeUrl: z.string(),
      lastError: z.string(),
      lastScrape: z.string(),
      health: z.enum(['up', 'down', 'unknown']),
    }),
  ),
});
const alertSchema = z.object({
  labels,
  annotations: labels,
  state: z.enum(['firing', 'pending']),
  activeAt: z.string(),
  value: z.string(),
});
export const alertListSchema = z.object({ alerts: z.array(alertSchema) });
const ruleSchema = z.object({
  type: z.enum(['alerting', 'recording']),
  name: z.string(),
  query: z.string(),
  labels: labels.default({}),
  annotations: labels.default({}),
  state: z.enum(['inactive', 'pending', 'firing', 'unknown']).optional(),
  duration: z.number().optional(),
  keepFiringFor: z.number().optional(),
  health: z.string(),
  lastError: z.string().optional(),
  lastEvaluation: optionalTime,
  evaluationTime: z.number().optional(),
  alerts: z.array(alertSchema).default([]),
});
const rulesSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      interval: z.number(),
      lastEvaluation: optionalTime,
      rules: z.array(ruleSchema),
    }),
  ),
});

const envelopeSchema = z.object({ status: z.literal('success'), data: z.unknown() });

export type PrometheusAlert = z.infer<typeof alertSchema>;
export type PrometheusRule = z.infer<typeof ruleSchema>;
export interface InstantSample {
  labels: Record<string, string>;
  /** NaN and infinities occur. */
  value: number;
}

export class PrometheusQueries {
  readonly #upstream: Upstream;

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** @throws HttpProblem 502 or 504; so do the others. */
  async query(expression: string): Promise<InstantSample[]> {
    const { result } = await this.#ask(`query?${new URLSearchParams({ query: expression })}`, vectorSchema);
    return result.map(({ metric, value }) => ({ labels: metric, value: numberIn(value[1]) }));
  }

  /** The first series as points by time in milliseconds; empty when there is none. */
  async range(
    expression: string,
    { fromMs, toMs, stepSeconds }: { fromMs: number; toMs: number; stepSeconds: number },
  ): Promise<Map<number, number>> {
    const parameters = new URLSearchParams({
      query: expression,
      start: String(fromMs / 1000),
      end: String(toMs / 1000),
      step: String(stepSeconds),
    });
    const { result } = await this.#ask(`query_range?${parameters}`, matrixSchema);
    return new Map(
      result[0]?.values.map(([seconds, value]) => [Math.round(seconds * 1000), numberIn(value)]),
    );
  }

  async targets() {
    return (await this.#ask('targets?state=active', targetsSchema)).activeTargets;
  }

  async alerts(): Promise<PrometheusAlert[]> {
    return (await this.#ask('alerts', alertListSchema)).alerts;
  }

  async rules() {
    return (await this.#ask('rules', rulesSchema)).groups;
  }

  async #ask<T extends z.ZodType>(path: string, data: T): Promise<z.output<T>> {
    const answer = envelopeSchema.safeParse(await callJson(this.#upstream, `/api/v1/${path}`));
    const result = data.safeParse(answer.data?.data);
    if (result.success) return result.data;
    throw new HttpProblem(
      502,
      `Prometheus answered something unexpected to ${path.split('?')[0]}: ${result.error.issues[0]?.message}`,
    );
  }
}

/** Prometheus writes `+Inf` and `-Inf`, which Number does not read. */
function numberIn(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
