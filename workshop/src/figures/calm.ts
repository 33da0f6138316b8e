import { z } from 'zod';

/** The observations of a stretch of calm. */
export interface Calm {
  /** Alerts other than the Watchdog that fired at any time in it. */
  falseAlarms: string[];
  requestsPerSecond: number;
}

const answer = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

/**
 * Asks which alerts fired in the last minutes, from a running Prometheus. Throws an Error when there was no load to be calm under: silence
 * of an idle lab proves nothing.
 */
export async function measureCalm(prometheusUrl: string, minutes: number): Promise<Calm> {
  const query = async (promql: string) => {
    const url = new URL('/api/v1/query', prometheusUrl);
    url.searchParams.set('query', promql);
    return answer.parse(await (await fetch(url)).json()).data.result;
  };
  const load = await query(
    `sum(rate(http_requests_total{job="taskmanager-frontend",route="/api/*"}[${minutes}m]))`,
  );
  const requestsPerSecond = Number(load[0]?.value[1] ?? 0);
  if (!(requestsPerSecond >= 1)) {
    throw new Error(
      `expected load of 1 request a second or more over the last ${minutes} minutes, measured ${requestsPerSecond}`,
    );
  }
  const firing = await query(
    `count by (alertname) (count_over_time(ALERTS{alertstate="firing",alertname!="Watchdog"}[${minutes}m]))`,
  );
  return {
    falseAlarms: firing.map(({ metric }) => metric['alertname'] ?? 'unknown').sort(),
    requestsPerSecond,
  };
}
