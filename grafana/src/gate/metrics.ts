import { METRICS } from '@lab/telemetry';
import type { Until } from '../build/until.ts';
import type { Unused } from '../catalogue/unused.ts';
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
  unused: ReadonlyMap<string, Unused>,
): string[] {
  const used = usedMetrics(queries);
  return exposed.map(familyOf).filter((name) => !used.has(name) && !unused.has(name));
}

const SERVICES = /^(?:taskmanager-.+|lab-console)$/;

/** What the lab's own services expose, together. */
export function ofTheServices(byJob: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  return new Set([...byJob].flatMap(([job, names]) => (SERVICES.test(job) ? [...names] : [])));
}

/**
 * Metrics on the list of those left unused that are exposed no more: their entry explains nothing. What only a part exposes that this lab
 * does not have (all of Fluentd's in lite) cannot be told here and is not named.
 */
export function goneMetrics(
  byJob: ReadonlyMap<string, ReadonlySet<string>>,
  unused: ReadonlyMap<string, Unused>,
): string[] {
  const services = ofTheServices(byJob);
  return [...unused].flatMap(([name, { job }]) => {
    const exposed = job === undefined ? services : byJob.get(job);
    return exposed === undefined || exposed.has(name) ? [] : [name];
  });
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
