import { type Query, ruleQueries, runbookQueries } from './queries.ts';

/**
 * Runs every expression of a rule and every query of a runbook on a running Prometheus: `npm run check:live -w @lab/prometheus -- URL`.
 * Exit status: 0 all were answered, 1 some gave an error. Those that answer with nothing are listed, for many rightly do in calm.
 */
export interface LiveResult {
  failing: (Query & { reason: string })[];
  empty: Query[];
}

/** @param prometheusUrl for example http://127.0.0.1:9090 */
export async function checkQueries(prometheusUrl: string, queries: readonly Query[]): Promise<LiveResult> {
  const result: LiveResult = { failing: [], empty: [] };
  for (const query of queries) {
    const url = new URL('/api/v1/query', prometheusUrl);
    url.searchParams.set('query', query.promql);
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    const body = (await response.json()) as { status: string; error?: string; data?: { result: unknown[] } };
    if (body.status !== 'success')
      result.failing.push({ ...query, reason: body.error ?? `status ${response.status}` });
    else if (body.data?.result.length === 0) result.empty.push(query);
  }
  return result;
}

if (import.meta.main) {
  const [url = 'http://127.0.0.1:9090'] = process.argv.slice(2);
  const queries = [...ruleQueries(), ...runbookQueries()];
  const { failing, empty } = await checkQueries(url, queries);
  for (const { where, promql, reason } of failing) console.log(`${where}: ${reason}\n  ${promql}`);
  for (const { where, promql } of empty) console.error(`empty: ${where}: ${promql.replaceAll(/\s+/g, ' ')}`);
  console.log(`${queries.length} queries, ${failing.length} failing, ${empty.length} empty`);
  process.exitCode = failing.length === 0 ? 0 : 1;
}
