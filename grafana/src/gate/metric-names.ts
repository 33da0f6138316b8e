import { parser } from '@prometheus-io/lezer-promql';

/** Names of the metrics that an expression reads. @throws Error when it is no PromQL. */
export function metricNames(promql: string): string[] {
  const names = new Set<string>();
  parser.parse(promql).iterate({
    enter({ node }) {
      if (node.type.isError)
        throw new Error(`not a PromQL expression at "${promql.slice(node.from, node.from + 30)}"`);
      if (node.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      if (name !== null) names.add(promql.slice(name.from, name.to));
    },
  });
  return [...names];
}

/** Gauges and counters of tools whose names end like a histogram's. */
const WHOLE_NAMES = new Set([
  'pg_locks_count',
  'pg_stat_activity_count',
  'fluentd_output_status_retry_count',
]);

/** The series of a histogram or summary belong to one metric. */
export function familyOf(series: string): string {
  return WHOLE_NAMES.has(series) ? series : series.replace(/_(?:bucket|sum|count)$/, '');
}
