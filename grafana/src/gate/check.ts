import type { Dashboard } from '../build/dashboard.ts';
import type { Panel } from '../build/panel.ts';
import { variableQuery } from '../build/variable.ts';
import { KUBERNETES_ONLY } from '../catalogue/full-only.ts';
import { unusedMetrics } from '../catalogue/unused.ts';
import { dashboardQueries, type GateQuery, otherQueries, panelsOf } from './collect.ts';
import {
  absentParts,
  existingMetrics,
  goneMetrics,
  missingMetrics,
  ofTheServices,
  unaccountedMetrics,
} from './metrics.ts';
import { type Outcome, Prometheus } from './prometheus.ts';
import { type Situation, situationOf } from './situation.ts';

/** What went on in the lab before it is checked: whatever this fills is held to data, too. */
export interface Circumstances {
  /** `make load` has run within the last minutes. */
  loaded?: boolean;
  /** This experiment has run within the last minutes. */
  experiment?: string;
}

export interface Verdict {
  /** Says whether the console stands in for parts that are not here. */
  standsIn: boolean;
  /** What is shown only after so many minutes was held to data. */
  minutesOfTraffic: number;
  dashboards: number;
  panels: number;
  /** Panels that show something, and in which nothing is missing that should be there. */
  panelsWithData: number;
  queries: number;
  /** Prometheus refused these: `where: reason`. */
  failing: string[];
  /** Data was expected and there is none. */
  empty: string[];
  /** Queries that name a metric which nothing exposes. */
  missing: string[];
  metricsExposed: number;
  /** Exposed, on no dashboard, in no rule, and not on the list of those left unused. */
  unaccounted: string[];
  /** On that list, and exposed no more. */
  gone: string[];
}

/** How many questions are under way at once: Prometheus answers twenty, and others ask it too. */
const AT_ONCE = 4;

/**
 * Runs every query of every panel, annotation, variable, rule and runbook on a running Prometheus, and holds the metrics that services
 * expose against those that are used.
 * @param url for example http://127.0.0.1:9090. @throws Error where Prometheus cannot be reached.
 */
export async function checkDashboards(
  url: string,
  dashboards: readonly Dashboard[],
  circumstances: Circumstances = {},
): Promise<Verdict> {
  const prometheus = new Prometheus(url);
  // Before the answers: what becomes old enough meanwhile is not held against them.
  const situation = await situationOf(prometheus);
  const queries = [...dashboardQueries(dashboards), ...otherQueries()];
  const outcomes = new Map<GateQuery, Outcome>();
  await inTurns(queries, async (query) => {
    outcomes.set(query, await prometheus.ask(query.promql, { instant: query.instant }));
  });
  const failing = queries.flatMap((query) => {
    const outcome = outcomes.get(query);
    return outcome && 'error' in outcome ? [`${query.where}: ${outcome.error}\n  ${query.promql}`] : [];
  });
  const empty = queries.filter(
    (query) => isDemanded(query, { ...circumstances, ...situation }) && isEmpty(outcomes.get(query)),
  );
  const emptyVariables = await variablesWithoutValues(prometheus, dashboards);
  const panels = dashboards.flatMap(panelsOf);
  const declared = await prometheus.declaredMetrics();
  const existing = await existingMetrics(prometheus, declared);
  const services = ofTheServices(declared);
  return {
    standsIn: situation.standsIn,
    minutesOfTraffic: situation.minutesOfTraffic,
    dashboards: dashboards.length,
    panels: panels.length,
    panelsWithData: panels.filter((panel) => showsData(panel, queries, outcomes, empty)).length,
    queries: queries.length + dashboards.flatMap(({ variables = [] }) => variables).length,
    failing,
    empty: [...empty.map(({ where, promql }) => `${where}\n  ${promql}`), ...emptyVariables],
    missing: missingMetrics(queries, existing, situation.jobs),
    metricsExposed: services.size,
    unaccounted: unaccountedMetrics([...services], queries, unusedMetrics),
    gone: goneMetrics(declared, unusedMetrics),
  };
}

/** Whether data is expected of a query while this goes on. */
export function isDemanded(
  { until, promql }: Pick<GateQuery, 'until' | 'promql'>,
  { loaded = false, experiment, standsIn, jobs, minutesOfTraffic }: Circumstances & Situation,
): boolean {
  if (until === undefined) return true;
  if (until === 'trouble') return false;
  switch (until.fills) {
    case 'parts':
      return !standsIn && absentParts(promql, jobs).length === 0;
    case 'cluster':
      return KUBERNETES_ONLY.every(({ job }) => jobs.has(job)) && absentParts(promql, jobs).length === 0;
    case 'console':
      return standsIn;
    case 'load':
      return loaded;
    case 'age':
      return minutesOfTraffic >= until.minutes;
    case 'experiment':
      return until.experiment === experiment;
  }
}

function isEmpty(outcome: Outcome | undefined): boolean {
  return outcome === undefined || !('series' in outcome) || outcome.series === 0;
}

function showsData(
  panel: Panel,
  queries: readonly GateQuery[],
  outcomes: ReadonlyMap<GateQuery, Outcome>,
  empty: readonly GateQuery[],
): boolean {
  const own = queries.filter((query) => query.panel === panel);
  return own.some((query) => !isEmpty(outcomes.get(query))) && !own.some((query) => empty.includes(query));
}

async function variablesWithoutValues(
  prometheus: Prometheus,
  dashboards: readonly Dashboard[],
): Promise<string[]> {
  const empty: string[] = [];
  for (const { uid, variables = [] } of dashboards) {
    for (const variable of variables) {
      const values = await prometheus.labelValues(variable.of, variable.selector);
      if (values.length === 0) empty.push(`${uid} variable "${variable.name}": ${variableQuery(variable)}`);
    }
  }
  return empty;
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
