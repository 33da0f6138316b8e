import { METRICS } from '@lab/telemetry';
import type { Until } from '../build/until.ts';
import type { GateQuery } from './collect.ts';
import { familyOf, metricNames } from './metric-names.ts';
import type { Prometheus } from './prometheus.ts';

/** Names of every series that Prometheus holds now. */
export async function existingMetrics(prometheus: Prometheus): Promise<Set<string>> {
  return new Set(await prometheus.labelValues('__name__'));
}

/** Parts that only full mode has, by the beginning of their metrics' names. */
const FULL_ONLY = ['fluentd_', 'container_', 'node_'];

/** Metrics that a service declares and that have no series before the first event. */
const DECLARED = new Set<string>(Object.keys(METRICS));

/**
 * Queries that name a metric which is neither there nor bound to come: one that a service declares, that a rule records, that only full
 * mode has, or that the query itself says it waits for.
 */
export function missingMetrics(
  queries: readonly GateQuery[],
  existing: ReadonlySet<string>,
  mode: 'lite' | 'full',
): string[] {
  return queries.flatMap(({ where, promql, until }) =>
    metricNames(promql)
      .filter((name) => !existing.has(name) && !isToCome(name, until, mode))
      .map((name) => `${where}: ${name}`),
  );
}

function isToCome(name: string, until: Until | 'trouble' | undefined, mode: 'lite' | 'full'): boolean {
  if (name.startsWith('ALERTS') || name.includes(':') || DECLARED.has(familyOf(name))) return true;
  if (mode === 'lite' && FULL_ONLY.some((prefix) => name.startsWith(prefix))) return true;
  return until !== undefined && until !== 'trouble' && until.fills === 'load';
}

/** Exposed metrics that no dashboard and no rule reads, and that nobody decided to leave unused. */
export function unaccountedMetrics(
  exposed: readonly string[],
  queries: readonly GateQuery[],
  unused: ReadonlyMap<string, string>,
): string[] {
  const used = usedMetrics(queries);
  return exposed.map(familyOf).filter((name) => !used.has(name) && !unused.has(name));
}

/** Metrics that dashboards and rules read; a runbook's query alone is not a use, for nobody sees it until told to. */
export function usedMetrics(queries: readonly GateQuery[]): Set<string> {
  return new Set(
    queries
      .filter(({ kind }) => kind !== 'runbook')
      .flatMap(({ promql }) => metricNames(promql))
      .map(familyOf),
  );
}
