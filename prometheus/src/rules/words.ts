/** Says in words what a rule says in PromQL: `> 5%`, `5m, for 2m`. */
import { formatDuration } from '../duration.ts';
import type { AlertRule } from './alert-rules.ts';
import type { Comparison, Leaf } from './condition.ts';
import { type RuleBook, seriesOf } from './rule-book.ts';
import { type Unit, unitOf } from './unit.ts';

/**
 * The comparisons of an alert: first those that give it its value, then each condition and exception with the series that it is about:
 * `> 0.2 a second, unless http_requests_total > 0 a second`. `none` where it compares nothing.
 */
export function stateThreshold({ leaves }: AlertRule, book: RuleBook): string {
  const of = (role: Leaf['role']) => leaves.filter((leaf) => leaf.role === role);
  const signals = of('signal').map((leaf) => state(leaf, book, false));
  return [
    signals.filter((words) => words !== undefined).join(' or ') || 'none',
    ...of('condition').map((leaf) => `and ${state(leaf, book, true)}`),
    ...of('exception').map((leaf) => `unless ${state(leaf, book, true)}`),
  ].join(', ');
}

/** The longest range that the alert's signal looks back over, how long it must hold, and how long the alert outlives it. */
export function stateWindow({ windows, forMs, keepFiringForMs }: AlertRule): string {
  return [
    windows[0] ?? 'now',
    forMs === 0 ? 'at once' : `for ${formatDuration(forMs)}`,
    ...(keepFiringForMs === 0 ? [] : [`kept ${formatDuration(keepFiringForMs)}`]),
  ].join(', ');
}

/** A value in the unit of a signal, as a person says it: `5%`, `5m`, `200ms`, `0.5 a second`. */
export function stateValue(value: number, unit: Unit): string {
  if (value === 0) return '0';
  if (unit === 'share' && Math.abs(value) < 1) return `${round(value * 100)}%`;
  if (unit === 'per second') return `${round(value)} a second`;
  if (unit === 'bytes') return `${round(value)} bytes`;
  if (unit !== 'seconds') return String(round(value));
  return Number.isFinite(value) && value > 0 && Number.isInteger(round(value * 1000))
    ? formatDuration(value * 1000)
    : `${round(value)}s`;
}

/** A comparison without its signal, such as `> 5%`. @throws NotPromql */
export function stateComparison({ signal, operator, threshold }: Comparison, book: RuleBook): string {
  const { value, promql } = threshold;
  const other = value === undefined ? `\`${promql}\`` : stateValue(value, unitOf(signal, book));
  return `${operator === '==' ? '=' : operator} ${other}`;
}

function state(leaf: Leaf, book: RuleBook, named: boolean): string | undefined {
  if (leaf.kind === 'presence') return named ? `\`${leaf.promql}\` has a value` : undefined;
  const words = stateComparison(leaf, book);
  // `= 0` alone does not say of what.
  return named || leaf.operator === '==' ? `${nameOf(leaf.signal)} ${words}` : words;
}

/** The series of an expression, without what is done with them. */
function nameOf(expression: string): string {
  return seriesOf(expression)
    .map((series) => `\`${series}\``)
    .join(', ');
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
