/** The series that an expression selects, and how far back it looks at them. */
import { parser } from '@prometheus-io/lezer-promql';
import { parseDuration } from './duration.ts';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

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
}

/**
 * Returns the selectors of an expression in the order of its text; one that stands twice is there twice.
 * @throws Error that shows the place where the expression cannot be parsed.
 */
export function selectorsOf(expression: string): Selector[] {
  const selectors: Selector[] = [];
  parser.parse(expression).iterate({
    enter({ type, name, from, node }) {
      if (type.isError) throw new Error(`not a PromQL expression, at "${expression.slice(from, from + 40)}"`);
      if (name === 'VectorSelector')
        selectors.push({ matchers: matchersOf(node, expression), reachMs: reachOf(node, expression) });
    },
  });
  return selectors;
}

/** Returns the name that a selector asks for; undefined where it takes several or a pattern of names. */
export function selectedName({ matchers }: Selector): string | undefined {
  return matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value;
}

function matchersOf(node: SyntaxNode, expression: string): Matcher[] {
  const text = (each: SyntaxNode) => expression.slice(each.from, each.to);
  const name = node.getChild('Identifier');
  const own: Matcher[] = name ? [{ label: '__name__', operator: '=', value: text(name) }] : [];
  const written = node.getChild('LabelMatchers');
  if (!written) return own;
  const quotedName = written.getChild('QuotedLabelName');
  if (quotedName) own.push({ label: '__name__', operator: '=', value: unquote(text(quotedName)) });
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
        label: label.name === 'QuotedLabelName' ? unquote(text(label)) : text(label),
        operator: text(operator) as MatchOperator,
        value: unquote(text(value)),
      };
    }),
  ];
}

/** Adds up what stands around a selector on the way to the expression's root. */
function reachOf(selector: SyntaxNode, expression: string): number {
  let reach = 0;
  for (let node: SyntaxNode | null = selector.parent; node; node = node.parent) {
    const [first] = node.getChildren('NumberDurationLiteralInDurationContext');
    if (!first) continue;
    if (['MatrixSelector', 'SubqueryExpr', 'OffsetExpr'].includes(node.name))
      reach += signedDuration(expression.slice(first.from, first.to));
  }
  return Math.max(0, reach);
}

/** Milliseconds of `5m`, `-5m` and of plain seconds, which Prometheus 3 takes too. */
function signedDuration(text: string): number {
  const negative = text.startsWith('-');
  const size = negative ? text.slice(1).trim() : text;
  const milliseconds = /^[\d.]+$/.test(size) ? Number(size) * 1000 : parseDuration(size);
  return negative ? -milliseconds : milliseconds;
}

/** Reads PromQL's strings: Go's escapes between quotes, nothing special between backticks. */
function unquote(text: string): string {
  const inside = text.slice(1, -1);
  if (text.startsWith('`')) return inside;
  return inside.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/g,
    (_, hex?: string, short?: string, long?: string, octal?: string, plain?: string) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const code = hex ?? short ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return PLAIN[plain ?? ''] ?? plain ?? '';
    },
  );
}

const PLAIN: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
