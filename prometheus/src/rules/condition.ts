/** Reads from an alert's expression what it watches, what it compares that with, and how several comparisons are combined. */
import { constantOf } from '../promql/number.ts';
import { type Node, parsePromql, partsOf, unwrap } from '../promql/syntax.ts';

export type Operator = '>' | '>=' | '<' | '<=' | '==' | '!=';

/** One comparison: it holds for each series of the signal for which `signal operator threshold` is true. */
export interface Comparison {
  kind: 'comparison';
  /** The watched side, PromQL. */
  signal: string;
  operator: Operator;
  /** The other side. `value` is in the unit of the signal; undefined where that side is no constant, but another series. */
  threshold: { promql: string; value: number | undefined };
  /** How series of both sides are matched, such as `on (job) group_left (service)`; empty where by all labels. */
  matching: string;
}

/** An expression that compares nothing: it holds wherever it has a sample, as `absent(up)` or `vector(1)`. */
export interface Presence {
  kind: 'presence';
  promql: string;
}

export interface Combination {
  kind: 'and' | 'or' | 'unless';
  left: Condition;
  right: Condition;
  /** How series of both sides are matched; empty where by all labels. */
  matching: string;
}

export type Condition = Comparison | Presence | Combination;

/**
 * What part a comparison has in its alert: `signal` gives the alert its value, `condition` must hold as well (`and`), `exception` must
 * not (`unless`).
 */
export type Role = 'signal' | 'condition' | 'exception';

export type Leaf = (Comparison | Presence) & { role: Role };

/** Reads an alert's expression. @throws NotPromql where it is none. */
export function readCondition(expression: string): Condition {
  return conditionAt(parsePromql(expression).root, expression);
}

/** The comparisons and presences of a condition, from left to right. */
export function leavesOf(condition: Condition, role: Role = 'signal'): Leaf[] {
  if (condition.kind === 'comparison' || condition.kind === 'presence') return [{ ...condition, role }];
  const { kind, left, right } = condition;
  const other = kind === 'or' ? role : kind === 'and' ? conditionWithin(role) : exceptionWithin(role);
  return [...leavesOf(left, role), ...leavesOf(right, other)];
}

/**
 * What a chart of an alert draws: the comparisons that give the alert its value. Where the expression compares nothing, none.
 * @param expression an alert's, as it is loaded: scale it first where time runs faster.
 * @throws NotPromql where it is none.
 */
export function signalsOf(expression: string): Comparison[] {
  return leavesOf(readCondition(expression))
    .filter(({ role }) => role === 'signal')
    .filter((leaf) => leaf.kind === 'comparison');
}

/** What must not hold inside an exception is no exception any more, and the other way round. */
function exceptionWithin(role: Role): Role {
  return role === 'exception' ? 'condition' : 'exception';
}

function conditionWithin(role: Role): Role {
  return role === 'exception' ? 'exception' : 'condition';
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  Gtr: '>',
  Gte: '>=',
  Lss: '<',
  Lte: '<=',
  Eql: '==',
  Neq: '!=',
};
const MIRRORED: Readonly<Record<Operator, Operator>> = {
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
  '==': '==',
  '!=': '!=',
};
const COMBINATIONS: Readonly<Record<string, Combination['kind']>> = {
  And: 'and',
  Or: 'or',
  Unless: 'unless',
};

interface Binary {
  left: Node;
  right: Node;
  operator: string;
  matching: string;
  isBool: boolean;
}

function binaryAt(node: Node, expression: string): Binary | undefined {
  if (node.name !== 'BinaryExpr') return undefined;
  const parts = partsOf(node);
  const [left, operator, right] = [parts[0], parts[1], parts.at(-1)];
  if (!left || !operator || !right) return undefined;
  const matching = parts.find(({ name }) => name === 'MatchingModifierClause');
  return {
    left,
    right,
    operator: operator.name,
    matching: matching ? textOf(matching, expression) : '',
    isBool: parts.some(({ name }) => name === 'BoolModifier'),
  };
}

function conditionAt(wrapped: Node, expression: string): Condition {
  const node = unwrap(wrapped);
  const binary = binaryAt(node, expression);
  const combined = binary && COMBINATIONS[binary.operator];
  if (binary && combined)
    return {
      kind: combined,
      left: conditionAt(binary.left, expression),
      right: conditionAt(binary.right, expression),
      matching: binary.matching,
    };
  const operator = binary && OPERATORS[binary.operator];
  // With `bool` a comparison filters nothing: it is a number, 0 or 1.
  if (binary && operator && !binary.isBool) return comparisonAt(binary, operator, expression);
  const filter = filterWithin(node, expression);
  return filter ?? { kind: 'presence', promql: textOf(node, expression) };
}

function comparisonAt(
  { left, right, matching }: Binary,
  operator: Operator,
  expression: string,
): Comparison | Combination {
  const [leftValue, rightValue] = [constantOf(left, expression), constantOf(right, expression)];
  // `0.05 < x` keeps the series of x: it is `x > 0.05`.
  const mirrored = leftValue !== undefined && rightValue === undefined;
  const [watched, other] = mirrored ? [right, left] : [left, right];
  const comparison = (signal: string): Comparison => ({
    kind: 'comparison',
    signal,
    operator: mirrored ? MIRRORED[operator] : operator,
    threshold: { promql: textOf(other, expression), value: mirrored ? leftValue : rightValue },
    matching,
  });
  // `x > 1 < 5` compares twice: the first filter is no part of the second one's signal.
  const inner = conditionAt(watched, expression);
  const isFilter = inner.kind === 'comparison' && isComparison(unwrap(watched), expression);
  return isFilter
    ? { kind: 'and', left: inner, right: comparison(inner.signal), matching: '' }
    : comparison(textOf(watched, expression));
}

function isComparison(node: Node, expression: string): boolean {
  const binary = binaryAt(node, expression);
  return binary !== undefined && OPERATORS[binary.operator] !== undefined && !binary.isBool;
}

/** Functions whose samples are their argument's, under other labels or in another order. */
const PASSING = /^(?:label_replace|label_join|sort|sort_desc|sort_by_label|sort_by_label_desc)$/i;

/** `label_replace(x > 5, …)` is `label_replace(x, …) > 5`: the comparison without which there would be no filter. */
function filterWithin(node: Node, expression: string): Comparison | undefined {
  const [name, body] = partsOf(node);
  if (node.name !== 'FunctionCall' || !name || !body || !PASSING.test(textOf(name, expression)))
    return undefined;
  const [argument] = partsOf(body);
  if (argument === undefined) return undefined;
  const inner = conditionAt(argument, expression);
  if (inner.kind !== 'comparison') return undefined;
  const signal =
    expression.slice(node.from, argument.from) + inner.signal + expression.slice(argument.to, node.to);
  return { ...inner, signal };
}

function textOf(node: Node, expression: string): string {
  return expression.slice(node.from, node.to).trim();
}
