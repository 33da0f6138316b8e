/** Queries on the log database: newest records, one record, counts over time. Synchronous: runs in a thread of its own. */
import type { DatabaseSync } from 'node:sqlite';
import {
  LOG_LEVELS,
  type LogDetail,
  type LogFacets,
  type LogHistogram,
  type LogPage,
} from '../../contract/logs.ts';
import { any, EVERY, levelsExpression, NOTHING, narrow, serviceWord } from '../query/narrow.ts';
import { parseQuery } from '../query/parse.ts';
import { firstIdAt, lastIdAt } from '../records/time-coded-id.ts';
import { readNames } from '../sqlite/name-table.ts';
import { readSegments, segmentsBetween } from '../sqlite/segments.ts';
import { inSnapshot, numberOf, textFrom } from '../sqlite/transaction.ts';
import { type HistogramOptions, histogram, totals } from './histogram.ts';
import { newest } from './newest.ts';
import type { Plan } from './plan.ts';
import { detailOf, recordOf } from './record-row.ts';
import { recordTable } from './schema.ts';

export interface LogFilter {
  /** In the query language; '' finds everything. */
  query: string;
  levels: string[];
  services: string[];
  /** Milliseconds, both inclusive. */
  fromMs: number;
  toMs: number;
}

export interface LogSearch extends LogFilter {
  limit: number;
  cursor: string | undefined;
  /** Milliseconds after which an answer is given with what was found. */
  budgetMs: number;
}

export class LogReader {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** @throws QuerySyntaxError, CursorError */
  search(search: LogSearch): LogPage {
    const began = performance.now();
    return inSnapshot(this.#database, () => {
      const plan = this.#plan(search, search.budgetMs);
      const { rows, nextCursor, complete } = newest(this.#database, plan, search.limit, search.cursor);
      return {
        items: rows.map((row) => recordOf(row, plan.services)),
        nextCursor,
        complete,
        from: iso(search.fromMs),
        to: iso(search.toMs),
        tookMs: performance.now() - began,
      };
    });
  }

  /** @throws QuerySyntaxError */
  histogram(filter: LogFilter & HistogramOptions & { budgetMs: number }): LogHistogram {
    const began = performance.now();
    return inSnapshot(this.#database, () => {
      const counted = histogram(this.#database, this.#plan(filter, filter.budgetMs), filter);
      return { ...counted, tookMs: performance.now() - began };
    });
  }

  /**
   * Levels and services with how many records of the search each has. What is chosen of the one narrows the other and not
   * itself: the count beside a level is what choosing it would show.
   * @throws QuerySyntaxError
   */
  facets(filter: LogFilter & { bars: number; budgetMs: number }): LogFacets {
    return inSnapshot(this.#database, () => {
      const of = (by: HistogramOptions['by'], narrowed: LogFilter, name: (key: number) => string) => {
        const plan = this.#plan(narrowed, filter.budgetMs);
        const { totals: counts, complete } = totals(this.#database, plan, {
          ...narrowed,
          bars: filter.bars,
          by,
        });
        const values = [...counts].map(([key, records]) => ({ value: name(key), count: records }));
        return {
          values: values.sort((a, b) => b.count - a.count || a.value.localeCompare(b.value)),
          complete,
        };
      };
      const names = readNames(this.#database, 'services');
      const levels = of('level', { ...filter, levels: [] }, (level) => LOG_LEVELS[level] ?? 'unknown');
      const services = of('service', { ...filter, services: [] }, (id) => names.get(id) ?? '(unknown)');
      return {
        from: iso(filter.fromMs),
        to: iso(filter.toMs),
        levels: levels.values,
        services: services.values,
        complete: levels.complete && services.complete,
      };
    });
  }

  /** The record with that id (`SEGMENT-ROW`), undefined when there is none (any more). */
  detail(id: string): LogDetail | undefined {
    const [, segment, row] = /^(\d{1,9})-(\d{1,16})$/.exec(id) ?? [];
    if (segment === undefined || row === undefined) return undefined;
    return inSnapshot(this.#database, () => {
      const found = readSegments(this.#database).find(({ number }) => number === Number(segment));
      if (!found) return undefined;
      const stored = this.#database
        .prepare(
          `SELECT r.id, level, service, defect, line, files.name AS file FROM ${recordTable(found.number)} r
           LEFT JOIN files ON files.id = r.file WHERE r.id = ?`,
        )
        .get(Number(row));
      if (!stored) return undefined;
      return detailOf(
        {
          id: numberOf(stored['id']),
          segment: found.number,
          level: numberOf(stored['level']),
          service: numberOf(stored['service']),
          defect: numberOf(stored['defect']),
          line: textFrom(stored['line']),
        },
        typeof stored['file'] === 'string' ? stored['file'] : null,
        readNames(this.#database, 'services'),
      );
    });
  }

  /** How many records there are. */
  count(): number {
    return readSegments(this.#database).reduce((sum, { rows }) => sum + rows, 0);
  }

  #plan(filter: LogFilter, budgetMs: number): Plan {
    const query = parseQuery(filter.query);
    const services = readNames(this.#database, 'services');
    const servicesNamed = (test: (name: string) => boolean) =>
      [...services].flatMap(([id, name]) => (test(name) ? [id] : []));
    const narrowed = narrow(query, servicesNamed);
    const parts = narrowed.expression === null || narrowed.expression === EVERY ? [] : [narrowed.expression];
    if (filter.levels.length > 0) parts.push(levelsExpression(filter.levels));
    if (filter.services.length > 0) {
      parts.push(any(servicesNamed((name) => filter.services.includes(name)).map(serviceWord)));
    }
    const fromId = firstIdAt(filter.fromMs);
    const toId = lastIdAt(filter.toMs);
    const nothing = parts.includes(NOTHING);
    return {
      query,
      services,
      fromId,
      toId,
      expression: parts.length === 0 ? null : parts.join(' AND '),
      exact: narrowed.exact,
      segments: nothing ? [] : segmentsBetween(this.#database, fromId, toId),
      endsAt: performance.now() + budgetMs,
    };
  }
}

const iso = (ms: number) => new Date(ms).toISOString();
