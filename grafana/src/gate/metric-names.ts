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

/** A histogram's or summary's series, and a counter's, belong to one metric. */
export function familyOf(series: string): string {
  return series.replace(/_(?:bucket|sum|count)$/, '');
}
