/** Says in words what a rule says in PromQL: `> 5%`, `5m, for 2m`. */
import { formatDuration } from '../duration.ts';
import type { AlertRule } from './alert-rules.ts';
import type { Comparison, Condition } from './condition.ts';
import { type RuleBook, seriesOf } from './rule-book.ts';
import { type Unit, unitOf } from './unit.ts';

/**
 * The comparisons of an alert, each with the series that it is about but for the one that gives the alert its value:
 * `> 0.2 a second, unless http_requests_total > 0`. `none` where it compares nothing.
 */
export function stateThreshold({ condition, signals }: AlertRule, book: RuleBook): string {
  const isNamed = new Set(signals.map(({ signal }) => signal)).size !== 1;
  return say(condition, isNamed, true, book) ?? 'none';
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

const JOINTS = { and: ', and ', or: ' or ', unless: ', unless ' } as const;

/** @param givesValue false within a condition, where an expression that compares nothing still says something. */
function say(
  condition: Condition,
  isNamed: boolean,
  givesValue: boolean,
  book: RuleBook,
): string | undefined {
  if (condition.kind === 'presence') return givesValue ? undefined : `\`${condition.promql}\` has a value`;
  if (condition.kind === 'comparison') {
    const words = stateComparison(condition, book);
    // `= 0` alone does not say of what.
    return isNamed || condition.operator === '==' ? `${nameOf(condition.signal)} ${words}` : words;
  }
  const { kind, left, right } = condition;
  const isAlternative = kind === 'or';
  const before = say(left, isNamed, givesValue, book);
  const after = say(right, isNamed || !isAlternative, givesValue && isAlternative, book);
  if (before === undefined || after === undefined) return before ?? after;
  const isGroup = right.kind !== 'comparison' && right.kind !== 'presence' && !isAlternative;
  return before + JOINTS[kind] + (isGroup ? `(${after})` : after);
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
