import { numberOf } from '../promql/number.ts';
import { nodesOf, parsePromql, partsOf } from '../promql/syntax.ts';

/** A range selector's duration, as written and in milliseconds. */
export interface Range {
  text: string;
  milliseconds: number;
}

/**
 * The ranges of the range selectors (`x[5m]`) in an expression, computed ones left out. A subquery's range is not one: it reads by steps,
 * not by scrapes. @throws NotPromql
 */
export function rangesOf(expression: string): Range[] {
  const { root, computed } = parsePromql(expression);
  return nodesOf(root)
    .filter(({ name }) => name === 'MatrixSelector')
    .flatMap(partsOf)
    .filter(
      ({ name, from }) => name.endsWith('InDurationContext') && !computed.some((span) => span.from === from),
    )
    .map(({ from, to }) => ({
      text: expression.slice(from, to),
      milliseconds: (numberOf(expression.slice(from, to)) ?? 0) * 1000,
    }));
}
