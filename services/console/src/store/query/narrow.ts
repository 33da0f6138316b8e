/**
 * Turns a query into an FTS5 expression that finds at least the records the query means. Every word in it is made of
 * letters, digits and our `~` marks inside double quotes, so nothing a person types reaches FTS5's own syntax.
 */
import { LOG_LEVELS } from '../../contract/logs.ts';
import { levelOf, UNKNOWN_LEVEL } from '../records/levels.ts';
import {
  DURATION_FIELD,
  durationStep,
  fieldMark,
  isIndexed,
  isMarked,
  normalise,
  STATUS_FIELD,
  words,
} from '../records/text-index.ts';
import { asNumber } from './evaluate.ts';
import type { Query, RangeOperator } from './syntax-tree.ts';

export interface Narrowed {
  /** FTS5 expression; null: cannot be narrowed, `NOTHING`: no record can match. */
  expression: string | null;
  /** Whether the expression finds exactly what the query means, so that records need not be looked at. */
  exact: boolean;
}

/** Stands on every record, so that NOT has something to be taken from. */
export const EVERY = '"~a"';
/** A word that no record holds. */
export const NOTHING = '"~none"';
export const levelWord = (level: number): string => `"~l${level}"`;
export const serviceWord = (service: number): string => `"~s${service}"`;

/** @param servicesNamed ids of the services whose name passes the test. */
export function narrow(query: Query, servicesNamed: (test: (name: string) => boolean) => number[]): Narrowed {
  const visit = (part: Query): Narrowed => {
    switch (part.kind) {
      case 'all':
        return { expression: EVERY, exact: true };
      case 'text':
        return {
          expression: all(part.words, part.prefix),
          exact: part.words.length === 1 && part.words[0] === part.phrase,
        };
      case 'contains':
        return { expression: all(part.words, part.prefix), exact: false };
      case 'equals':
      case 'begins':
        return field(part, servicesNamed);
      case 'exists':
        if (part.field === 'log.level' || part.field === 'service.name')
          return { expression: EVERY, exact: true };
        return { expression: mark(part.field), exact: false };
      case 'range':
        return { expression: range(part.field, part.operator, part.value), exact: false };
      case 'not': {
        const inner = visit(part.query);
        if (!inner.exact || inner.expression === null) return { expression: null, exact: false };
        return { expression: `(${EVERY} NOT ${inner.expression})`, exact: true };
      }
      case 'and':
        return both(part.queries, visit);
      case 'or': {
        const inner = part.queries.map(visit);
        const known = inner.flatMap(({ expression }) => (expression === null ? [] : [expression]));
        return {
          expression: known.length < inner.length ? null : any(known),
          exact: inner.every(({ exact }) => exact),
        };
      }
    }
  };
  return visit(query);
}

/** What is excluded is taken from what is found, not from everything: that would be read to its end. */
function both(queries: Query[], visit: (part: Query) => Narrowed): Narrowed {
  const found: string[] = [];
  const excluded: string[] = [];
  let exact = true;
  for (const query of queries) {
    const negated = query.kind === 'not' ? visit(query.query) : undefined;
    const narrowed = negated ?? visit(query);
    if (negated && !negated.exact) exact = false;
    else if (narrowed.expression !== null) (negated ? excluded : found).push(narrowed.expression);
    exact &&= narrowed.exact;
  }
  if (found.length === 0 && excluded.length === 0) return { expression: null, exact };
  const positive = found.length === 0 ? EVERY : found.join(' AND ');
  return {
    expression: excluded.length === 0 ? `(${positive})` : `((${positive}) NOT ${any(excluded)})`,
    exact,
  };
}

/** One of several FTS5 expressions. */
export function any(expressions: string[]): string {
  return expressions.length === 0 ? NOTHING : `(${expressions.join(' OR ')})`;
}

function all(found: string[], prefix: boolean): string {
  const quoted = found.map((word, index) => `"${word}"${prefix && index === found.length - 1 ? ' *' : ''}`);
  return `(${quoted.join(' AND ')})`;
}

function field(
  { kind, field, value }: { kind: 'equals' | 'begins'; field: string; value: string },
  servicesNamed: (test: (name: string) => boolean) => number[],
): Narrowed {
  const wanted = value.toLowerCase();
  const test = (text: string) =>
    kind === 'equals' ? text.toLowerCase() === wanted : text.toLowerCase().startsWith(wanted);
  if (field === 'log.level') {
    return {
      expression: any(LOG_LEVELS.flatMap((level, index) => (test(level) ? [levelWord(index)] : []))),
      exact: true,
    };
  }
  if (field === 'service.name') return { expression: any(servicesNamed(test).map(serviceWord)), exact: true };
  if (field === STATUS_FIELD && asNumber(value) !== undefined) {
    // A number is one word of the text; only three digits are taken for a status.
    return { expression: kind === 'equals' && /^\d+$/.test(value) ? `"${value}"` : null, exact: false };
  }
  // A number may stand in the record as a number, and those are not indexed.
  if (!isIndexed(field) || asNumber(value) !== undefined) return { expression: mark(field), exact: false };
  // What a beginning ends in may go on in the record, as part of a longer word or of a UUID.
  const whole =
    kind === 'begins' ? normalise(value).replace(/[a-z0-9\u0080-\uffff-]*$/, '') : normalise(value);
  const found = words(whole);
  if (found.length === 0 || value === 'true' || value === 'false')
    return { expression: mark(field), exact: false };
  return { expression: all(found, false), exact: false };
}

function mark(field: string): string | null {
  return isMarked(field) ? `"${fieldMark(field)}"` : null;
}

function range(field: string, operator: RangeOperator, value: string): string | null {
  const bound = asNumber(value);
  const upward = operator === '>' || operator === '>=';
  if (bound !== undefined && field === DURATION_FIELD) {
    const edge = durationStep(bound);
    const steps = Array.from({ length: 63 }, (_, step) => step).filter((step) =>
      upward ? step >= edge : step <= edge,
    );
    return any(steps.map((step) => `"~d${step}"`));
  }
  if (bound !== undefined && field === STATUS_FIELD) {
    const edge = Math.floor(bound / 100);
    const classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((digit) =>
      upward ? digit >= edge : digit <= edge,
    );
    return any(classes.map((digit) => `"~c${digit}"`));
  }
  return mark(field);
}

/** Level filter from names as people write them. */
export function levelsExpression(names: string[]): string {
  return any(names.map((name) => levelWord(name === 'unknown' ? UNKNOWN_LEVEL : levelOf(name))));
}
