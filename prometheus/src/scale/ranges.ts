import { parser } from '@prometheus-io/lezer-promql';

/** Durations of the range selectors (`x[5m]`) in an expression; a subquery's range is not one: it reads by steps, not by scrapes. */
export function rangesOf(expression: string): string[] {
  const ranges: string[] = [];
  parser.parse(expression).iterate({
    enter(node) {
      if (node.name !== 'MatrixSelector') return;
      const range = node.node.getChild('NumberDurationLiteralInDurationContext');
      if (range !== null) ranges.push(expression.slice(range.from, range.to));
    },
  });
  return ranges;
}
