/**
 * What is rightly empty in calm, held to data once the experiment has run that its source names. Asked afterwards, over the time of the
 * experiment and as a dashboard of that time would ask: an experiment is neither delayed nor loaded by it.
 */
import type { Dashboard } from '../build/dashboard.ts';
import { refId } from '../build/query.ts';
import type { Until } from '../build/until.ts';
import { DASHBOARDS } from '../dashboards.ts';
import { everything, panelsOf } from './collect.ts';
import { fillIn } from './fill-in.ts';
import { type Between, Prometheus } from './prometheus.ts';

/** A panel, or an annotation, that waited for an experiment. */
export interface Filled {
  /** For a person to find: `panel "Firing now" of on-call`. */
  where: string;
  /** Why nothing is to be seen there; absent: it shows data. */
  empty?: string;
}

/** Names of the experiments that something waits for, sorted. */
export function experimentsWaitedFor(dashboards: readonly Dashboard[] = DASHBOARDS): string[] {
  const waits = dashboards.flatMap((dashboard) => [
    ...panelsOf(dashboard).flatMap(({ queries }) => queries),
    ...dashboard.annotations,
  ]);
  const names = waits.flatMap(({ until }) => (until?.fills === 'experiment' ? [until.experiment] : []));
  return [...new Set(names)].sort();
}

/**
 * Whether everything that waits for an experiment showed data between two moments; nothing where nothing waits for it. Never rejects: what
 * Prometheus does not say is not seen to be filled.
 * @param url for example http://127.0.0.1:9090.
 */
export async function filledBy(
  experiment: string,
  { url, between, dashboards = DASHBOARDS }: FilledOptions,
): Promise<Filled[]> {
  const prometheus = new Prometheus(url);
  const waiting = whatWaitsFor(experiment, dashboards);
  const asked = new Set(waiting.flatMap(({ queries }) => queries.map(({ promql }) => promql)));
  const found = new Map<string, string | undefined>();
  for (const promql of asked) found.set(promql, await whyEmpty(prometheus, promql, between));
  return waiting.map(({ where, queries }) => {
    const empty = queries.flatMap(({ name, promql }) => {
      const why = found.get(promql);
      return why === undefined ? [] : [name === undefined ? why : `${name}: ${why}`];
    });
    return empty.length === 0 ? { where } : { where, empty: empty.join('; ') };
  });
}

export interface FilledOptions {
  url: string;
  between: Between;
  /** Default: all. */
  dashboards?: readonly Dashboard[];
}

interface Waiting {
  where: string;
  /** Those that wait; `name` tells them from one another. */
  queries: { name?: string; promql: string }[];
}

function whatWaitsFor(experiment: string, dashboards: readonly Dashboard[]): Waiting[] {
  const waits = (until: Until | undefined) =>
    until?.fills === 'experiment' && until.experiment === experiment;
  const panels = dashboards.flatMap((dashboard) =>
    panelsOf(dashboard).flatMap(({ title, queries }): Waiting[] => {
      const own = queries.flatMap(({ promql, until }, index) =>
        waits(until)
          ? [
              {
                ...(queries.length > 1 && { name: refId(index) }),
                promql: fillIn(promql, everything(dashboard)),
              },
            ]
          : [],
      );
      return own.length === 0 ? [] : [{ where: `panel "${title}" of ${dashboard.uid}`, queries: own }];
    }),
  );
  // One that several dashboards share is one to whoever reads the result.
  const annotations = new Map<string, { title: string; promql: string; uids: string[] }>();
  for (const dashboard of dashboards) {
    for (const { name: title, promql: written, until } of dashboard.annotations) {
      if (!waits(until)) continue;
      const promql = fillIn(written, everything(dashboard));
      const shared = annotations.get(promql) ?? { title, promql, uids: [] };
      annotations.set(promql, { ...shared, uids: [...shared.uids, dashboard.uid] });
    }
  }
  return [
    ...panels,
    ...[...annotations.values()].map(({ title, promql, uids }) => ({
      where: `annotation "${title}" of ${uids.join(', ')}`,
      queries: [{ promql }],
    })),
  ];
}

async function whyEmpty(
  prometheus: Prometheus,
  promql: string,
  between: Between,
): Promise<string | undefined> {
  try {
    const outcome = await prometheus.ask(promql, { between });
    if ('error' in outcome) return `refused: ${outcome.error}`;
    return outcome.series === 0 ? `no data for ${promql}` : undefined;
  } catch (error) {
    return `not known: Prometheus does not answer (${error instanceof Error ? error.message : error})`;
  }
}
