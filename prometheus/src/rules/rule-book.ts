/** Knows what recorded series are made of, and so how far back in time an expression looks. */
import { parse } from 'yaml';
import { z } from 'zod';
import { formatDuration } from '../duration.ts';
import { numberOf } from '../promql/number.ts';
import { type Node, parsePromql, partsOf, type Syntax } from '../promql/syntax.ts';

/** Prometheus takes a file without groups, or with nothing but comments. */
const fileSchema = z
  .looseObject({
    groups: z
      .array(
        z.looseObject({
          rules: z
            .array(z.looseObject({ record: z.string().optional(), expr: z.coerce.string() }))
            .default([]),
        }),
      )
      .nullish(),
  })
  .nullish();

export class RuleBook {
  /** Expressions of the recording rules, by the name of the series. */
  readonly #recorded = new Map<string, string[]>();

  /**
   * @param rules texts of rules files by name.
   * @throws YAMLParseError or ZodError where a text is no rules file.
   */
  constructor(rules: ReadonlyMap<string, string>) {
    for (const text of rules.values())
      for (const { rules: written } of fileSchema.parse(parse(text, { merge: true }))?.groups ?? [])
        for (const { record, expr } of written)
          if (record !== undefined) this.#recorded.set(record, [...this.recordedAs(record), expr]);
  }

  /** The expressions that record a series; none where it is no recorded one. */
  recordedAs(series: string): readonly string[] {
    return this.#recorded.get(series) ?? [];
  }

  /**
   * The ranges that an expression looks at, longest first, such as `5m`; where it has none of its own, those of the recorded series that
   * it reads. @throws NotPromql
   */
  windowsOf(expression: string): string[] {
    const windows = this.#windows(expression, new Set());
    return [...windows].sort(([, one], [, other]) => other - one).map(([text]) => text);
  }

  /**
   * How many milliseconds before its evaluation an expression reads samples: ranges, offsets and subqueries, its own and those of the
   * recorded series that it reads. The five minutes for which an instant selector looks back are not counted. @throws NotPromql
   */
  reachMs(expression: string): number {
    return this.#reach(expression, new Set());
  }

  #windows(expression: string, seen: ReadonlySet<string>): Map<string, number> {
    const own = new Map(
      nodesOf(parsePromql(expression).root)
        .filter(({ name }) => name === 'MatrixSelector' || name === 'SubqueryExpr')
        .map((node) => durationMs(node, expression))
        .filter((milliseconds) => milliseconds > 0)
        .map((milliseconds) => [formatDuration(milliseconds), milliseconds] as const),
    );
    if (own.size > 0) return own;
    return new Map(
      seriesOf(expression)
        .filter((series) => !seen.has(series))
        .flatMap((series) =>
          this.recordedAs(series).flatMap((each) => [...this.#windows(each, new Set([...seen, series]))]),
        ),
    );
  }

  #reach(expression: string, seen: ReadonlySet<string>): number {
    return this.#reachAt(parsePromql(expression).root, expression, seen);
  }

  #reachAt(node: Node, expression: string, seen: ReadonlySet<string>): number {
    const within = partsOf(node).map((part) => this.#reachAt(part, expression, seen));
    const deepest = Math.max(0, ...within);
    if (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr')
      return deepest + durationMs(node, expression);
    // A negative offset looks into the future.
    if (node.name === 'OffsetExpr') return deepest + Math.max(0, durationMs(node, expression));
    if (node.name !== 'VectorSelector') return deepest;
    const series = nameOf(node, expression);
    if (series === undefined || seen.has(series)) return deepest;
    const recorded = this.recordedAs(series).map((each) => this.#reach(each, new Set([...seen, series])));
    return Math.max(deepest, ...recorded);
  }
}

/** The names of the series that an expression selects, each once. @throws NotPromql */
export function seriesOf(expression: string): string[] {
  const names = selectorsAt(parsePromql(expression)).map((node) => nameOf(node, expression));
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The selectors of an expression, such as `up{job="api"}`, each once. @throws NotPromql */
export function selectorsOf(expression: string): string[] {
  const nodes = selectorsAt(parsePromql(expression));
  return [...new Set(nodes.map(({ from, to }) => expression.slice(from, to).trim()))];
}

function selectorsAt({ root }: Syntax): Node[] {
  return nodesOf(root).filter(({ name }) => name === 'VectorSelector');
}

/** `up`, and `up` of `{__name__="up"}` and of `{"up"}`. */
function nameOf(node: Node, expression: string): string | undefined {
  const text = expression.slice(node.from, node.to);
  return (
    /^[A-Za-z_:][\w:]*/.exec(text)?.[0] ??
    /[{,]\s*(?:__name__\s*=\s*)?["'`]([^"'`]*)["'`]\s*(?=[,}])/.exec(text)?.[1]
  );
}

function nodesOf(node: Node): Node[] {
  return [node, ...partsOf(node).flatMap(nodesOf)];
}

/** A node's own duration in milliseconds; 0 where it is computed. */
function durationMs(node: Node, expression: string): number {
  const literal = partsOf(node).find(({ name }) => name === 'NumberDurationLiteralInDurationContext');
  const seconds = literal && numberOf(expression.slice(literal.from, literal.to));
  return (seconds ?? 0) * 1000;
}
