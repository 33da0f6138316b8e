import { SERVICE_METRICS } from '@lab/prometheus/service-metrics';
import type { Until } from '../build/until.ts';
import { jobOfSomeModes } from '../catalogue/full-only.ts';
import type { Unused } from '../catalogue/unused.ts';
import type { GateQuery } from './collect.ts';
import { familyOf, metricNames } from './metric-names.ts';
import type { Prometheus } from './prometheus.ts';

/** Names of every series that Prometheus holds now, and of what targets declare before the first event. */
export async function existingMetrics(
  prometheus: Prometheus,
  declared: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Set<string>> {
  const names = await prometheus.labelValues('__name__');
  return new Set([...names, ...[...declared.values()].flatMap((each) => [...each])]);
}

/** Parts that not every mode has, that a query reads, and that are not scraped here. */
export function absentParts(promql: string, jobs: ReadonlySet<string>): string[] {
  return metricNames(promql).flatMap((name) => {
    const job = jobOfSomeModes(name);
    return job === undefined || jobs.has(job) ? [] : [job];
  });
}

/** Metrics that a service declares and that have no series before the first event. */
const DECLARED = SERVICE_METRICS;

/**
 * Queries that name a metric which is neither there nor bound to come: one that a service declares, that a rule records, that belongs to a
 * part which this lab does not have, or that the query itself says it waits for.
 * @param jobs of everything that is scraped.
 */
export function missingMetrics(
  queries: readonly GateQuery[],
  existing: ReadonlySet<string>,
  jobs: ReadonlySet<string>,
): string[] {
  return queries.flatMap(({ where, promql, until }) =>
    metricNames(promql)
      .filter((name) => !existing.has(name) && !existing.has(familyOf(name)) && !isToCome(name, until, jobs))
      .map((name) => `${where}: ${name}`),
  );
}

function isToCome(name: string, until: Until | 'trouble' | undefined, jobs: ReadonlySet<string>): boolean {
  if (name.startsWith('ALERTS') || name.includes(':') || DECLARED.has(familyOf(name))) return true;
  const part = jobOfSomeModes(name);
  if (part !== undefined && !jobs.has(part)) return true;
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
