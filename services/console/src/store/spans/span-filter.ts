import type { DatabaseSync } from 'node:sqlite';
import { SPAN_KINDS } from '../../contract/traces.ts';
import { durationStep } from '../records/text-index.ts';
import { numberOf } from '../sqlite/transaction.ts';
import { ERROR_MARK, EVERY_SPAN, kindMark, operationMark, serviceMark, tagMark } from './marks.ts';

/** What one span must meet. */
export interface SpanFilter {
  service: string | undefined;
  operation: string | undefined;
  error: boolean | undefined;
  minDurationNs: number;
  maxDurationNs: number;
  tags: { key: string; value: string }[];
}

/**
 * The filter as an expression of marks; exact but for the durations, which it narrows to powers of two.
 * @returns undefined when nothing can match, because no span ever had that service or operation.
 */
export function spanExpression(
  database: DatabaseSync,
  services: Map<number, string>,
  filter: SpanFilter,
): string | undefined {
  const required: string[] = [EVERY_SPAN];
  const excluded: string[] = [];
  if (filter.service !== undefined) {
    const service = [...services].find(([, name]) => name === filter.service)?.[0];
    if (service === undefined) return undefined;
    required.push(serviceMark(service));
  }
  if (filter.operation !== undefined) {
    const operations = database.prepare('SELECT id FROM operations WHERE name = ?').all(filter.operation);
    if (operations.length === 0) return undefined;
    required.push(`(${operations.map((row) => operationMark(numberOf(row['id']))).join(' OR ')})`);
  }
  if (filter.error === true) required.push(ERROR_MARK);
  if (filter.error === false) excluded.push(ERROR_MARK);
  if (filter.minDurationNs > 0 || filter.maxDurationNs < Number.MAX_SAFE_INTEGER) {
    const last = durationStep(filter.maxDurationNs);
    const steps: string[] = [];
    for (let step = durationStep(filter.minDurationNs); step <= last; step++) steps.push(`d${step}`);
    if (steps.length === 0) return undefined;
    required.push(`(${steps.join(' OR ')})`);
  }
  for (const tag of filter.tags) required.push(tagExpression(tag));
  const positive = required.join(' AND ');
  return excluded.length === 0 ? positive : `(${positive}) NOT ${excluded.join(' NOT ')}`;
}

/** OpenTracing's names for what is not an attribute are understood too: `error=true`, `span.kind=server`. */
function tagExpression({ key, value }: { key: string; value: string }): string {
  const own = tagMark(key, value);
  if (key === 'error' && value === 'true') return `(${own} OR ${ERROR_MARK})`;
  const kind = (SPAN_KINDS as readonly string[]).indexOf(value);
  return key === 'span.kind' && kind >= 0 ? `(${own} OR ${kindMark(kind)})` : own;
}
