/** The series that an expression selects, and how far back it looks at them. */

import { unquoteGo } from './go-string.ts';
import { numberOf } from './number.ts';
import { type Node, parsePromql, partsOf } from './syntax.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  label: string;
  operator: MatchOperator;
  value: string;
}

export interface Selector {
  /** The name as a matcher too, under `__name__`. */
  matchers: Matcher[];
  /** Milliseconds before the moment of evaluation at which it looks: range, offset and the ranges of subqueries around it. */
  reachMs: number;
  /** Where a subquery asks for it, milliseconds between the moments at which it does; 0 where the subquery leaves that open. */
  stepMs: number | undefined;
}

/**
 * Reads the selectors of an expression in the order of its text; one that stands twice is there twice.
 * @throws NotPromql where the expression cannot be read.
 */
export function readSelectors(expression: string): Selector[] {
  return selectorsBelow(parsePromql(expression).root, expression, { reachMs: 0, stepMs: undefined });
}

type Around = Pick<Selector, 'reachMs' | 'stepMs'>;

function selectorsBelow(node: Node, expression: string, around: Around): Selector[] {
  if (node.name === 'VectorSelector')
    return [{ ...around, matchers: matchersOf(node, expression), reachMs: Math.max(0, around.reachMs) }];
  const looksBack = ['MatrixSelector', 'SubqueryExpr', 'OffsetExpr'].includes(node.name);
  const reachMs = around.reachMs + (looksBack ? durationOf(node, expression) : 0);
  // A range inside a subquery reads every sample of it.
  const stepMs =
    node.name === 'SubqueryExpr'
      ? stepOf(node, expression)
      : node.name === 'MatrixSelector'
        ? undefined
        : around.stepMs;
  return partsOf(node).flatMap((part) => selectorsBelow(part, expression, { reachMs, stepMs }));
}

function matchersOf(node: Node, expression: string): Matcher[] {
  const text = (each: Node) => expression.slice(each.from, each.to);
  const name = node.getChild('Identifier');
  const own: Matcher[] = name ? [{ label: '__name__', operator: '=', value: text(name) }] : [];
  const written = node.getChild('LabelMatchers');
  if (!written) return own;
  const quotedName = written.getChild('QuotedLabelName');
  if (quotedName) own.push({ label: '__name__', operator: '=', value: unquoteGo(text(quotedName)) });
  const matchers = [
    ...written.getChildren('UnquotedLabelMatcher'),
    ...written.getChildren('QuotedLabelMatcher'),
  ];
  return [
    ...own,
    ...matchers.map((each): Matcher => {
      const [label, operator, value] = [each.firstChild, each.getChild('MatchOp'), each.lastChild];
      if (!label || !operator || !value) throw new Error(`not a matcher: ${text(each)}`);
      return {
        label: label.name === 'QuotedLabelName' ? unquoteGo(text(label)) : text(label),
        operator: text(operator) as MatchOperator,
        value: unquoteGo(text(value)),
      };
    }),
  ];
}

/** Returns a node's own duration in milliseconds, negative where it looks into the future; 0 where it is computed. */
function durationOf(node: Node, expression: string): number {
  const literal = node.getChild('NumberDurationLiteralInDurationContext');
  return ((literal && numberOf(expression.slice(literal.from, literal.to))) ?? 0) * 1000;
}

function stepOf(node: Node, expression: string): number {
  const [, step] = node.getChildren('NumberDurationLiteralInDurationContext');
  return ((step && numberOf(expression.slice(step.from, step.to))) ?? 0) * 1000;
}
