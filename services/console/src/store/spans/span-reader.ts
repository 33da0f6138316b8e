/** Queries on the span database. Synchronous: runs in a thread of its own. */
import type { DatabaseSync } from 'node:sqlite';
import {
  type Operations,
  type ServiceGraph,
  SPAN_KINDS,
  type Trace,
  type TracedServices,
  type TracePage,
} from '../../contract/traces.ts';
import { CursorError } from '../logs/newest.ts';
import { firstIdAt, lastIdAt } from '../records/time-coded-id.ts';
import { readNames } from '../sqlite/name-table.ts';
import { readSegments, segmentsBetween } from '../sqlite/segments.ts';
import { inSnapshot, numberOf, textFrom } from '../sqlite/transaction.ts';
import { linkMark } from './marks.ts';
import { markTable, spanTable } from './schema.ts';
import { serviceGraph } from './service-graph.ts';
import { type SpanFilter, spanExpression } from './span-filter.ts';
import { type SpanRow, SUMMARY_COLUMNS, spanRow, summaryOf, traceOf } from './trace-view.ts';

export interface TraceSearch extends SpanFilter {
  fromMs: number;
  toMs: number;
  limit: number;
  cursor: string | undefined;
  budgetMs: number;
}

/** Most spans of one trace that are shown. */
const MAX_TRACE_SPANS = 5000;
const LOOK_EVERY = 64;

export class SpanReader {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Traces with a span that meets the whole filter, by the start of their newest such span. @throws CursorError */
  search(search: TraceSearch): TracePage {
    const began = performance.now();
    return inSnapshot(this.#database, () => {
      const found = this.#tracesOf(search, began + search.budgetMs);
      const names = this.#names();
      return {
        items: found.traceIds.flatMap((traceId) => {
          const spans = this.#spansOf(traceId, SUMMARY_COLUMNS);
          return spans.length === 0 ? [] : [summaryOf(traceId, spans, names)];
        }),
        nextCursor: found.nextCursor,
        complete: found.complete,
        from: iso(search.fromMs),
        to: iso(search.toMs),
        tookMs: performance.now() - began,
      };
    });
  }

  /** @returns undefined when no span of it is stored. */
  trace(traceId: string): Trace | undefined {
    return inSnapshot(this.#database, () => {
      const columns = `${SUMMARY_COLUMNS}, resource, detail`;
      const spans = this.#spansOf(traceId, columns);
      if (spans.length === 0) return undefined;
      const shown = spans.slice(0, MAX_TRACE_SPANS);
      return traceOf(traceId, shown, {
        names: this.#names(),
        resources: this.#resources(shown),
        omitted: spans.length - shown.length,
        linkedFrom: this.#linkedFrom(traceId),
      });
    });
  }

  services({ fromMs, toMs }: { fromMs: number; toMs: number }): TracedServices {
    const rows = this.#database
      .prepare(
        `SELECT name, sum(spans) AS spans, sum(errors) AS errors FROM operation_minutes
         JOIN services ON services.id = service WHERE minute BETWEEN ? AND ? GROUP BY service ORDER BY name`,
      )
      .all(Math.floor(fromMs / 60_000), Math.floor(toMs / 60_000));
    return {
      items: rows.map((row) => ({
        name: textFrom(row['name']),
        spans: numberOf(row['spans']),
        errors: numberOf(row['errors']),
      })),
    };
  }

  operations({ service, fromMs, toMs }: { service: string; fromMs: number; toMs: number }): Operations {
    const rows = this.#database
      .prepare(
        `SELECT operations.name AS name, kind, sum(spans) AS spans, sum(errors) AS errors FROM operation_minutes m
         JOIN operations ON operations.id = m.operation JOIN services ON services.id = m.service
         WHERE services.name = ? AND minute BETWEEN ? AND ? GROUP BY m.operation, kind ORDER BY spans DESC, operations.name LIMIT 1000`,
      )
      .all(service, Math.floor(fromMs / 60_000), Math.floor(toMs / 60_000));
    return {
      service,
      items: rows.map((row) => ({
        name: textFrom(row['name']),
        kind: SPAN_KINDS[numberOf(row['kind'])] ?? 'unspecified',
        spans: numberOf(row['spans']),
        errors: numberOf(row['errors']),
      })),
    };
  }

  serviceGraph({ fromMs, toMs }: { fromMs: number; toMs: number }): ServiceGraph {
    return inSnapshot(this.#database, () => ({
      from: iso(fromMs),
      to: iso(toMs),
      ...serviceGraph(this.#database, Math.floor(fromMs / 60_000), Math.floor(toMs / 60_000)),
    }));
  }

  /** How many spans there are. */
  count(): number {
    return readSegments(this.#database).reduce((sum, { rows }) => sum + rows, 0);
  }

  #tracesOf(search: TraceSearch, endsAt: number) {
    const services = readNames(this.#database, 'services');
    const expression = spanExpression(this.#database, services, search);
    const upTo = search.cursor === undefined ? undefined : cursorId(search.cursor);
    const fromId = firstIdAt(search.fromMs);
    const toId = Math.min(lastIdAt(search.toMs), upTo === undefined ? Number.MAX_SAFE_INTEGER : upTo - 1);
    const segments = expression === undefined ? [] : segmentsBetween(this.#database, fromId, toId);
    // Newest matching span of each trace, over all segments; segments overlap in time.
    const newest = new Map<string, number>();
    let unseen = 0;
    for (const { number, maxId } of segments) {
      const enough =
        newest.size > search.limit ? [...newest.values()].sort((a, b) => b - a)[search.limit] : undefined;
      if (enough !== undefined && maxId < enough) break;
      if (performance.now() > endsAt) {
        unseen = Math.max(unseen, Math.min(maxId, toId));
        continue;
      }
      let looked = 0;
      let here = 0;
      const rows = this.#database
        .prepare(
          `SELECT s.id AS id, trace_id, duration_ns FROM ${markTable(number)} m JOIN ${spanTable(number)} s ON s.id = m.rowid
           WHERE ${markTable(number)} MATCH ? AND m.rowid BETWEEN ? AND ? ORDER BY m.rowid DESC`,
        )
        .iterate(expression ?? '', enough ?? fromId, toId);
      for (const row of rows) {
        const id = numberOf(row['id']);
        if (++looked % LOOK_EVERY === 0 && performance.now() > endsAt) {
          unseen = Math.max(unseen, id);
          break;
        }
        const duration = numberOf(row['duration_ns']);
        if (duration < search.minDurationNs || duration > search.maxDurationNs) continue;
        const traceId = textFrom(row['trace_id']);
        const known = newest.get(traceId);
        if (known === undefined) {
          if (upTo !== undefined && this.#wasShown(traceId, upTo, search, expression ?? '')) continue;
          newest.set(traceId, id);
          if (++here > search.limit) break;
        } else if (id > known) newest.set(traceId, id);
      }
    }
    const ordered = [...newest].filter(([, id]) => id > unseen).sort(([, a], [, b]) => b - a);
    const page = ordered.slice(0, search.limit);
    const last = page.at(-1)?.[1];
    const more = ordered.length > search.limit && last !== undefined;
    return {
      traceIds: page.map(([traceId]) => traceId),
      nextCursor: more ? String(last) : unseen > 0 ? String(unseen + 1) : null,
      complete: unseen === 0 || more,
    };
  }

  /** Whether a page before showed the trace, by a matching span at or after the cursor. */
  #wasShown(traceId: string, upTo: number, search: TraceSearch, expression: string): boolean {
    return segmentsBetween(this.#database, upTo, lastIdAt(search.toMs)).some(({ number }) =>
      this.#database
        .prepare(`SELECT id, duration_ns FROM ${spanTable(number)} WHERE trace_id = ? AND id BETWEEN ? AND ?`)
        .all(traceId, upTo, lastIdAt(search.toMs))
        .some((row) => {
          const duration = numberOf(row['duration_ns']);
          if (duration < search.minDurationNs || duration > search.maxDurationNs) return false;
          const match = this.#database.prepare(
            `SELECT 1 FROM ${markTable(number)} WHERE ${markTable(number)} MATCH ? AND rowid = ?`,
          );
          return match.get(expression, numberOf(row['id'])) !== undefined;
        }),
    );
  }

  /** Oldest first; sent twice across segments: once. One span more than is shown, to know that there are more. */
  #spansOf(traceId: string, columns: string): SpanRow[] {
    const spans = new Map<string, SpanRow>();
    for (const { number } of readSegments(this.#database)) {
      const rows = this.#database
        .prepare(
          `SELECT ${columns} FROM ${spanTable(number)} WHERE trace_id = ? LIMIT ${MAX_TRACE_SPANS * 4}`,
        )
        .all(traceId);
      for (const row of rows) {
        const span = spanRow(row);
        if (!spans.has(span.spanId)) spans.set(span.spanId, span);
      }
    }
    return [...spans.values()].sort((a, b) => a.startUs - b.startUs || b.durationNs - a.durationNs);
  }

  #linkedFrom(traceId: string): Trace['linkedFrom'] {
    return readSegments(this.#database)
      .flatMap(({ number }) =>
        this.#database
          .prepare(
            `SELECT trace_id, span_id FROM ${markTable(number)} m JOIN ${spanTable(number)} s ON s.id = m.rowid
             WHERE ${markTable(number)} MATCH ? ORDER BY m.rowid DESC LIMIT 50`,
          )
          .all(linkMark(traceId)),
      )
      .map((row) => ({ traceId: textFrom(row['trace_id']), spanId: textFrom(row['span_id']) }))
      .slice(0, 50);
  }

  #resources(spans: SpanRow[]): Map<number, string> {
    const select = this.#database.prepare('SELECT name FROM resources WHERE id = ?');
    const resources = new Map<number, string>();
    for (const { resource } of spans) {
      if (resource !== undefined && !resources.has(resource)) {
        resources.set(resource, textFrom(select.get(resource)?.['name'] ?? '{}'));
      }
    }
    return resources;
  }

  #names() {
    return {
      services: readNames(this.#database, 'services'),
      operations: readNames(this.#database, 'operations'),
    };
  }
}

function cursorId(cursor: string): number {
  if (!/^\d{1,16}$/.test(cursor)) throw new CursorError('expected the nextCursor of the page before');
  return Number(cursor);
}

const iso = (ms: number) => new Date(ms).toISOString();
