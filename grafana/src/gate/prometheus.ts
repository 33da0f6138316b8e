import { z } from 'zod';

/** How far back a panel's query is asked. The lab may be younger. */
const LOOK_BACK_SECONDS = 300;
const STEP_SECONDS = 10;

const series = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(z.tuple([z.number(), z.string()])).optional(),
  value: z.tuple([z.number(), z.string()]).optional(),
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

/** A running Prometheus, read only. @param url for example http://127.0.0.1:9090 */
export class Prometheus {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Never throws for what Prometheus refuses; throws where it cannot be reached. */
  async ask(promql: string, { instant = false }: { instant?: boolean | undefined } = {}): Promise<Outcome> {
    const now = Date.now() / 1000;
    const parsed = answer.parse(
      instant
        ? await this.#post('query', { query: promql, time: String(now) })
        : await this.#post('query_range', {
            query: promql,
            start: String(now - LOOK_BACK_SECONDS),
            end: String(now),
            step: String(STEP_SECONDS),
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

  /** Metrics of the targets that match, as they declare them; those without a series yet are among them. */
  async declaredMetrics(selector: string): Promise<Map<string, { type: string; help: string }>> {
    const query = new URLSearchParams({ match_target: selector });
    const body = await this.#get(`targets/metadata?${query}`);
    const metrics = z
      .object({ data: z.array(z.object({ metric: z.string(), type: z.string(), help: z.string() })) })
      .parse(body).data;
    // OpenMetrics declares a counter without the suffix that its series carry.
    const seriesName = (metric: string, type: string) =>
      type === 'counter' && !metric.endsWith('_total') ? `${metric}_total` : metric;
    return new Map(metrics.map(({ metric, type, help }) => [seriesName(metric, type), { type, help }]));
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
