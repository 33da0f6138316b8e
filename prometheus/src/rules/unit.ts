/** In which unit an expression's value is, read from the names of its metrics and from what is done with them. */
import { constantOf } from '../promql/number.ts';
import { type Node, parsePromql, partsOf, unwrap } from '../promql/syntax.ts';
import type { RuleBook } from './rule-book.ts';

/** `share`: of the same whole, or of a whole in the same unit. `per second`: events. `number`: everything that has no unit. */
export type Unit = 'seconds' | 'bytes' | 'share' | 'per second' | 'number';

/** A value and its powers of units; events have none. */
type Dimension = Readonly<Record<'seconds' | 'bytes', number>>;

interface Measure {
  dimension: Dimension;
  /** A quotient of two measured values. */
  quotient: boolean;
  /** A number written in the expression. */
  constant: boolean;
}

const NONE: Dimension = { seconds: 0, bytes: 0 };
const NUMBER: Measure = { dimension: NONE, quotient: false, constant: false };

/** Names of units that metrics carry, of Prometheus's conventions (https://prometheus.io/docs/practices/naming/). */
const SUFFIXES: readonly (readonly [RegExp, Dimension])[] = [
  [/_count$/, NONE],
  [/(?:^|[_:])seconds(?:_total|_bucket|_sum)?$/, { seconds: 1, bytes: 0 }],
  [/_duration$/, { seconds: 1, bytes: 0 }],
  [/(?:^|[_:])bytes(?:_total|_bucket|_sum)?$/, { seconds: 0, bytes: 1 }],
];

/** Functions that count something of their samples, whatever these are. */
const COUNTING =
  /^(?:changes|resets|count_over_time|present_over_time|absent|absent_over_time|sgn|count|count_values|group|histogram_count|histogram_fraction)$/i;
/** Functions that give back what a histogram observed. */
const OBSERVED = /^(?:histogram_quantile|histogram_quantiles|histogram_avg|histogram_sum|histogram_stddev)$/i;
/** Functions whose value is by the second. */
const BY_SECOND = /^(?:rate|irate|deriv)$/i;

/** @param book follows recorded series to their rules. @throws NotPromql */
export function unitOf(expression: string, book: RuleBook): Unit {
  const { dimension, quotient } = new Measuring(expression, book, new Set()).at(parsePromql(expression).root);
  const { seconds, bytes } = dimension;
  if (bytes === 1 && seconds === 0) return 'bytes';
  if (bytes === 0 && seconds === 1) return 'seconds';
  if (bytes === 0 && seconds === -1) return 'per second';
  return quotient && bytes === 0 && seconds === 0 ? 'share' : 'number';
}

class Measuring {
  readonly #expression: string;
  readonly #book: RuleBook;
  readonly #seen: ReadonlySet<string>;

  constructor(expression: string, book: RuleBook, seen: ReadonlySet<string>) {
    this.#expression = expression;
    this.#book = book;
    this.#seen = seen;
  }

  at(wrapped: Node): Measure {
    const node = unwrap(wrapped);
    if (constantOf(node, this.#expression) !== undefined) return { ...NUMBER, constant: true };
    if (node.name === 'VectorSelector') return this.#selector(node);
    if (node.name === 'BinaryExpr') return this.#binary(node);
    if (node.name === 'FunctionCall' || node.name === 'AggregateExpr') return this.#call(node);
    // Ranges, offsets, subqueries and signs leave the unit as it is.
    const inner = partsOf(node).find(({ name }) => name !== 'UnaryOp');
    return inner ? this.at(inner) : NUMBER;
  }

  #selector(node: Node): Measure {
    const [series = ''] = /^[A-Za-z_:][\w:]*/.exec(this.#expression.slice(node.from, node.to)) ?? [];
    const named = SUFFIXES.find(([suffix]) => suffix.test(series));
    const [recorded] = this.#seen.has(series) ? [] : this.#book.recordedAs(series);
    // The name comes first: a limit may be recorded as a mere number, `vector(1024)`.
    if (named === undefined && recorded !== undefined)
      return new Measuring(recorded, this.#book, new Set([...this.#seen, series])).at(
        parsePromql(recorded).root,
      );
    return { ...NUMBER, dimension: named?.[1] ?? NONE };
  }

  #binary(node: Node): Measure {
    const parts = partsOf(node);
    const [first, operator, last] = [parts[0], parts[1]?.name, parts.at(-1)];
    if (!first || !last) return NUMBER;
    const [left, right] = [this.at(first), this.at(last)];
    if (operator === 'Div') return quotientOf(left, right);
    if (operator === 'Mul')
      return {
        dimension: plus(left.dimension, right.dimension, 1),
        quotient: left.quotient || right.quotient,
        constant: false,
      };
    // Sums, differences and filters are of one unit; a number without one (`1 - share`) takes the other's.
    return left.constant ? right : left;
  }

  #call(node: Node): Measure {
    const [called] = partsOf(node);
    const body = partsOf(node).find(({ name }) => name === 'FunctionCallBody');
    const name = called ? this.#expression.slice(called.from, called.to) : '';
    const argumentsOf = body ? partsOf(body) : [];
    if (/^(?:time|timestamp)$/i.test(name)) return { ...NUMBER, dimension: { seconds: 1, bytes: 0 } };
    if (COUNTING.test(name)) return NUMBER;
    // A bucket counts, but what it tells apart is in the unit of its name.
    const [observed] = OBSERVED.test(name) ? selectorsIn(node) : [];
    if (observed) return this.#selector(observed);
    const measured = argumentsOf
      .filter(({ name: kind }) => kind !== 'StringLiteral')
      .map((argument) => this.at(argument))
      .find(({ constant }) => !constant);
    if (measured === undefined) return NUMBER;
    return BY_SECOND.test(name)
      ? { ...measured, dimension: plus(measured.dimension, { seconds: 1, bytes: 0 }, -1) }
      : measured;
  }
}

function selectorsIn(node: Node): Node[] {
  return node.name === 'VectorSelector' ? [node] : partsOf(node).flatMap(selectorsIn);
}

function quotientOf(left: Measure, right: Measure): Measure {
  if (right.constant) return left;
  return { dimension: plus(left.dimension, right.dimension, -1), quotient: true, constant: false };
}

function plus(one: Dimension, other: Dimension, sign: 1 | -1): Dimension {
  return { seconds: one.seconds + sign * other.seconds, bytes: one.bytes + sign * other.bytes };
}
