/** Numbers as PromQL writes them. */
import { parseDuration } from '../duration.ts';
import { type Node, partsOf } from './syntax.ts';

/**
 * The value of a number: `0.05`, `1_000`, `0x1F`, `Inf`, `-1e-3`; of a duration its seconds, as Prometheus 3 reads `5m` for 300.
 * Undefined where the text is neither.
 */
export function numberOf(text: string): number | undefined {
  const [, sign, literal = ''] = /^([+-]?)\s*(\S+)$/.exec(text) ?? [];
  const value = unsigned(literal.replaceAll('_', '').toLowerCase());
  return value === undefined || sign !== '-' ? value : -value;
}

function unsigned(literal: string): number | undefined {
  if (literal === 'inf') return Number.POSITIVE_INFINITY;
  if (literal === 'nan') return Number.NaN;
  if (/^(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/.test(literal)) return Number(literal);
  return isDuration(literal) ? parseDuration(literal) / 1000 : undefined;
}

/** Says whether a literal carries a unit of time. */
export function isDuration(literal: string): boolean {
  return /^(?:\d+(?:ms|[ywdhms]))+$/.test(literal);
}

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  Add: (left, right) => left + right,
  Sub: (left, right) => left - right,
  Mul: (left, right) => left * right,
  Div: (left, right) => left / right,
  Mod: (left, right) => left % right,
  Pow: (left, right) => left ** right,
};

/** The value of an expression without series (`5 / 100`, `vector(1)`); undefined where it reads any. */
export function constantOf(node: Node, expression: string): number | undefined {
  const parts = partsOf(node);
  const [first, second] = parts;
  if (node.name === 'NumberDurationLiteral') return numberOf(expression.slice(node.from, node.to));
  if (node.name === 'ParenExpr' && first) return constantOf(first, expression);
  if (node.name === 'UnaryExpr' && first && second) {
    const value = constantOf(second, expression);
    return value !== undefined && expression[first.from] === '-' ? -value : value;
  }
  if (node.name === 'FunctionCall' && first && second) {
    const [argument] = partsOf(second);
    const isPassed = /^(?:vector|scalar)$/i.test(expression.slice(first.from, first.to));
    return isPassed && argument ? constantOf(argument, expression) : undefined;
  }
  const last = parts.at(-1);
  if (node.name !== 'BinaryExpr' || !first || !second || !last) return undefined;
  const [left, right] = [constantOf(first, expression), constantOf(last, expression)];
  const compute = ARITHMETIC[second.name];
  if (left === undefined || right === undefined || compute === undefined) return undefined;
  // Twelve digits: what a computation adds beyond is the binary system's, not the author's.
  return Number(compute(left, right).toPrecision(12));
}
