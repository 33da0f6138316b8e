import { z } from 'zod';

/** How far back a panel's query is asked, where nothing else is said. The lab may be younger. */
const LOOK_BACK_MS = 300_000;
const STEP_SECONDS = 10;
/** Of a stretch of time that was asked for: what filled a panel for a moment has to be seen. One a second at most, as scrapes are. */
const POINTS = 600;

const series = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(z.tuple([z.number(), z.string()])).optional(),
  value: z.tuple([z.number(), z.string()]).optional(),
});
const declarations = z.object({
  data: z.array(z.object({ target: z.object({ job: z.string() }), metric: z.string(), type: z.string() })),
});
const alertRules = z.object({
  data: z.object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ name: z.string(), duration: z.number().optional() })) }),
    ),
  }),
});
const targets = z.object({
  data: z.object({ activeTargets: z.array(z.object({ labels: z.object({ job: z.string() }) })) }),
});
const answer = z.union([
  z.object({
    status: z.literal('success'),
    data: z.object({ resultType: z.string(), result: z.array(z.unknown()) }),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/** What came of a query. `series`: how many have a value that is a number; NaN is a line that nobody sees. */
export type Outcome = { series: number } | { error: string };

/** A stretch of time, Unix milliseconds. */
export interface Between {
  from: number;
  to: number;
}

export interface AskOptions {
  /** For this moment alone. */
  instant?: boolean | undefined;
  /** Default: the last minutes. */
  between?: Between;
}

/** A running Prometheus, read only. @param url for example http://127.0.0.1:9090 */
export class Prometheus {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Never throws for what Prometheus refuses; throws where it cannot be reached. */
  async ask(promql: string, { instant = false, between }: AskOptions = {}): Promise<Outcome> {
    const now = Date.now();
    const { from, to } = between ?? { from: now - LOOK_BACK_MS, to: now };
    const step = between === undefined ? STEP_SECONDS : Math.max(1, Math.ceil((to - from) / 1000 / POINTS));
    const parsed = answer.parse(
      instant
        ? await this.#post('query', { query: promql, time: String(now / 1000) })
        : await this.#post('query_range', {
            query: promql,
            start: String(from / 1000),
            end: String(to / 1000),
            step: String(step),
          }),
    );
    if (parsed.status === 'error') return { error: parsed.error };
    // A scalar is a pair, not a list of series.
    if (parsed.data.resultType === 'scalar') return { series: 1 };
    const found = z.array(series).parse(parsed.data.result);
    return { series: found.filter(({ value, values }) => (values ?? [value]).some(isNumber)).length };
  }

  /** Values of a label among the series that match. */
  async labelValues(label: string, selector?: string): Promise<string[]> {
    const query = selector === undefined ? '' : `?${new URLSearchParams({ 'match[]': selector })}`;
    const body = await this.#get(`label/${label}/values${query}`);
    return z.object({ data: z.array(z.string()) }).parse(body).data;
  }

  /** Metrics that targets declare, by job; those without a series yet are among them. A job without a target is not. */
  async declaredMetrics(): Promise<Map<string, Set<string>>> {
    const { data } = declarations.parse(await this.#get('targets/metadata'));
    const byJob = new Map<string, Set<string>>();
    for (const { target, metric, type } of data) {
      const names = byJob.get(target.job) ?? new Set();
      // OpenMetrics declares a counter without the suffix that its series carry.
      names.add(type === 'counter' && !metric.endsWith('_total') ? `${metric}_total` : metric);
      byJob.set(target.job, names);
    }
    return byJob;
  }

  /** Jobs that have a target, whether it answers or not. */
  async jobs(): Promise<Set<string>> {
    const { data } = targets.parse(await this.#get('targets?state=active'));
    return new Set(data.activeTargets.map(({ labels }) => labels.job));
  }

  /** For how many seconds the condition of each loaded alert has to hold. */
  async patience(): Promise<Map<string, number>> {
    const { data } = alertRules.parse(await this.#get('rules?type=alert'));
    const rules = data.groups.flatMap((group) => group.rules);
    return new Map(rules.map(({ name, duration = 0 }) => [name, duration]));
  }

  /** The value of an expression now; undefined where it has none. @throws Error where Prometheus refuses it. */
  async number(promql: string): Promise<number | undefined> {
    const parsed = answer.parse(await this.#post('query', { query: promql }));
    if (parsed.status === 'error') throw new Error(`${parsed.error}: ${promql}`);
    const [first] = z.array(series).parse(parsed.data.result);
    return first?.value === undefined ? undefined : Number(first.value[1]);
  }

  async #post(path: string, fields: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(20_000),
    });
    return response.json();
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1/${path}`, { signal: AbortSignal.timeout(20_000) });
    return response.json();
  }
}

function isNumber(sample: [number, string] | undefined): boolean {
  return sample !== undefined && !Number.isNaN(Number(sample[1]));
}
