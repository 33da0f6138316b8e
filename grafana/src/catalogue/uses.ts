import { DASHBOARDS } from '../dashboards.ts';
import { dashboardQueries, otherQueries } from '../gate/collect.ts';
import { familyOf, metricNames } from '../gate/metric-names.ts';

/** Where a metric is read. */
export interface Uses {
  /** Titles of dashboards. */
  dashboards: readonly string[];
  /** Names of alerts and recording rules. */
  rules: readonly string[];
}

/** Every metric that a dashboard or a rule reads, by name without a histogram's suffixes; what rules record is left out. */
export function metricUses(): ReadonlyMap<string, Uses> {
  const found = new Map<string, { dashboards: Set<string>; rules: Set<string> }>();
  const at = (name: string) => {
    const uses = found.get(name) ?? { dashboards: new Set<string>(), rules: new Set<string>() };
    found.set(name, uses);
    return uses;
  };
  const families = (promql: string) =>
    metricNames(promql)
      .filter((name) => !name.includes(':') && !name.startsWith('ALERTS'))
      .map(familyOf);
  for (const dashboard of DASHBOARDS) {
    for (const { promql } of dashboardQueries([dashboard]))
      for (const name of families(promql)) at(name).dashboards.add(dashboard.title);
  }
  for (const { kind, where, promql } of otherQueries()) {
    if (kind !== 'rule') continue;
    const rule = where.split(' ').at(-1) ?? where;
    for (const name of families(promql)) at(name).rules.add(rule);
  }
  return new Map(
    [...found].map(([name, { dashboards, rules }]) => [
      name,
      { dashboards: [...dashboards], rules: [...rules] },
    ]),
  );
}
