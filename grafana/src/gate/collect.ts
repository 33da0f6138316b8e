import { ruleQueries, runbookQueries } from '@lab/prometheus';
import type { Dashboard } from '../build/dashboard.ts';
import type { Panel } from '../build/panel.ts';
import { refId } from '../build/query.ts';
import type { Until } from '../build/until.ts';
import { allOf } from '../build/variable.ts';
import { fillIn } from './fill-in.ts';

/** One question that something in the lab asks Prometheus. */
export interface GateQuery {
  kind: 'panel' | 'annotation' | 'rule' | 'runbook';
  /** Where it stands, for a person to find: `on-call "Traffic" A`. */
  where: string;
  /** Ready to send. */
  promql: string;
  /** Absent: data is expected. Rules and runbooks ask about trouble, so silence is their usual answer. */
  until?: Until | 'trouble';
  /** The panel that shows it. */
  panel?: Panel;
  /** Asked for a moment, not for a stretch of time. */
  instant?: boolean;
}

/** Every value of every variable at once. */
export function everything(dashboard: Dashboard): Record<string, string> {
  return Object.fromEntries((dashboard.variables ?? []).map((variable) => [variable.name, allOf(variable)]));
}

/** Every panel of every section. */
export function panelsOf(dashboard: Dashboard): Panel[] {
  return dashboard.sections.flatMap(({ panels }) => panels);
}

/** What the dashboards ask: panels and annotations. */
export function dashboardQueries(dashboards: readonly Dashboard[]): GateQuery[] {
  return dashboards.flatMap((dashboard) => {
    const values = everything(dashboard);
    const panels = panelsOf(dashboard).flatMap((panel) =>
      panel.queries.map(
        ({ promql, until }, index): GateQuery => ({
          kind: 'panel',
          where: `${dashboard.uid} "${panel.title}" ${refId(index)}`,
          promql: fillIn(promql, values),
          panel,
          ...(until !== undefined && { until }),
        }),
      ),
    );
    const annotations = dashboard.annotations.map(
      ({ name, promql, until }): GateQuery => ({
        kind: 'annotation',
        where: `${dashboard.uid} annotation "${name}"`,
        promql: fillIn(promql, values),
        ...(until !== undefined && { until }),
      }),
    );
    return [...panels, ...annotations];
  });
}

/** What rules evaluate and runbooks offer. */
export function otherQueries(): GateQuery[] {
  return [
    ...ruleQueries().map((query): GateQuery => ({ ...query, kind: 'rule', until: 'trouble', instant: true })),
    ...runbookQueries().map(
      (query): GateQuery => ({ ...query, kind: 'runbook', until: 'trouble', instant: true }),
    ),
  ];
}
