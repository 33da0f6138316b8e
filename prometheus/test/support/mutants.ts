import { formatDuration, parseDuration } from '@lab/prometheus';
import { parser } from '@prometheus-io/lezer-promql';
import type { AlertRule } from './rules.ts';

export interface Mutant {
  name: string;
  rule: AlertRule;
}

/** The rule spoilt in one way each. */
export function mutantsOf(rule: AlertRule): Mutant[] {
  return [
    ...expressions(rule.expr).map(({ name, expr }) => ({ name, rule: { ...rule, expr } })),
    ...holdingTimes(rule),
    ...outlivings(rule),
    { name: 'severity changed', rule: { ...rule, labels: { ...rule.labels, severity: 'none' } } },
  ];
}

function holdingTimes(rule: AlertRule): Mutant[] {
  if (rule.for === undefined) return [{ name: 'must hold for 10m', rule: { ...rule, for: '10m' } }];
  const milliseconds = parseDuration(rule.for);
  return [2, 0.5].map((factor) => ({
    name: `for times ${factor}`,
    rule: { ...rule, for: formatDuration(milliseconds * factor) },
  }));
}

function outlivings({ keep_firing_for: kept, ...rule }: AlertRule): Mutant[] {
  if (kept === undefined) return [];
  const twice = formatDuration(parseDuration(kept) * 2);
  return [
    { name: 'ends at once', rule },
    { name: 'goes on twice as long', rule: { ...rule, keep_firing_for: twice } },
  ];
}

const COMPARISONS = new Set(['Gtr', 'Lss', 'Gte', 'Lte', 'Eql', 'EqlC', 'Neq']);
const CLAUSES = new Set(['And', 'Unless', 'Or']);

function expressions(expr: string): { name: string; expr: string }[] {
  const found: { name: string; expr: string }[] = [];
  const replace = (from: number, to: number, text: string) => expr.slice(0, from) + text + expr.slice(to);
  parser.parse(expr).iterate({
    enter({ node }) {
      if (node.name !== 'BinaryExpr') return;
      const [left, right] = [node.firstChild, node.lastChild];
      const operator = left?.nextSibling;
      if (left == null || right == null || operator == null) return;
      // `or vector(0)` gives graphs a zero; an alert that compares with more than nothing does not need it.
      const zero = expr.slice(right.from, right.to) === 'vector(0)';
      if (CLAUSES.has(operator.name) && !zero) {
        found.push({
          name: `without ${one(expr.slice(operator.from, right.to))}`,
          expr: replace(left.to, right.to, ''),
        });
      }
      if (COMPARISONS.has(operator.name) && right.name === 'NumberDurationLiteral') {
        const value = Number(expr.slice(right.from, right.to));
        const comparison = one(expr.slice(operator.from, right.to));
        // A guard against dividing by nothing changes no verdict when it is loosened; it is tested by the series without traffic.
        if (value === 0 && isGuard(node)) return;
        const values =
          value === 0
            ? [-1e9, 1e9]
            : Number.isInteger(value) && value < 4 && value > 1
              ? [value - 1, value + 1]
              : [value * 0.75, value * 1.25];
        for (const other of values) {
          found.push({
            name: `${comparison} changed to ${other}`,
            expr: replace(right.from, right.to, String(other)),
          });
        }
      }
    },
  });
  return found;
}

/** `/ (sum(…) > 0)`: a comparison inside parentheses that are divided by. */
function isGuard(node: {
  parent: { name: string; parent: { name: string; getChild(name: string): unknown } | null } | null;
}): boolean {
  const parent = node.parent;
  return (
    parent?.name === 'ParenExpr' &&
    parent.parent?.name === 'BinaryExpr' &&
    parent.parent.getChild('Div') !== null
  );
}

function one(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
