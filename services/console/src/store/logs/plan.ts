import type { DatabaseSync } from 'node:sqlite';
import { LOG_LEVELS } from '../../contract/logs.ts';
import { matches } from '../query/evaluate.ts';
import type { Narrowed } from '../query/narrow.ts';
import type { Query } from '../query/syntax-tree.ts';
import { fieldsOfStored } from '../records/parse-line.ts';
import type { Segment } from '../sqlite/segments.ts';
import { numberOf, textFrom } from '../sqlite/transaction.ts';
import { recordTable, wordTable } from './schema.ts';

/** What a filter comes down to, for one look at the database. */
export interface Plan extends Narrowed {
  query: Query;
  /** Those with rows in the range, newest first. */
  segments: Segment[];
  /** Names by number. */
  services: Map<number, string>;
  /** Row ids of the time range, both inclusive. */
  fromId: number;
  toId: number;
  /** When to give up, on the clock of `performance.now()`. */
  endsAt: number;
}

/** A stored line, with numbers for level (in LOG_LEVELS), service and defect (in DEFECTS). */
export interface StoredLine {
  id: number;
  segment: number;
  level: number;
  service: number;
  defect: number;
  line: string;
}

/** Rows between two looks at the clock. */
const LOOK_EVERY = 64;

/** The time was up; everything newer than row `id` of the segment has been looked at. */
export interface Unfinished {
  unfinishedAt: number;
}

/** Rows of one segment that meet the plan, newest first; ends with `Unfinished` when the time is up. */
export function* scan(
  database: DatabaseSync,
  plan: Plan,
  segment: number,
  fromId: number,
  toId: number,
): Generator<StoredLine, Unfinished | undefined> {
  const columns = 'r.id AS id, r.level AS level, r.service AS service, r.defect AS defect, r.line AS line';
  const rows =
    plan.expression === null
      ? database
          .prepare(
            `SELECT ${columns} FROM ${recordTable(segment)} r WHERE r.id BETWEEN ? AND ? ORDER BY r.id DESC`,
          )
          .iterate(fromId, toId)
      : database
          .prepare(
            `SELECT ${columns} FROM ${wordTable(segment)} w JOIN ${recordTable(segment)} r ON r.id = w.rowid
             WHERE ${wordTable(segment)} MATCH ? AND w.rowid BETWEEN ? AND ? ORDER BY w.rowid DESC`,
          )
          .iterate(plan.expression, fromId, toId);
  let looked = 0;
  for (const row of rows) {
    const stored = {
      id: numberOf(row['id']),
      segment,
      level: numberOf(row['level']),
      service: numberOf(row['service']),
      defect: numberOf(row['defect']),
      line: textFrom(row['line']),
    };
    if (++looked % LOOK_EVERY === 0 && performance.now() > plan.endsAt) return { unfinishedAt: stored.id };
    if (accepts(plan, stored)) yield stored;
  }
  return undefined;
}

/** Whether a stored line meets the plan's query, where the index alone cannot say. */
function accepts(plan: Plan, row: StoredLine): boolean {
  return (
    plan.exact ||
    matches(plan.query, {
      fields: fieldsOfStored(row.line, row.defect),
      level: LOG_LEVELS[row.level] ?? 'unknown',
      service: plan.services.get(row.service) ?? '',
    })
  );
}
