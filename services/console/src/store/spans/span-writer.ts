import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { idAllocator, timeOfId } from '../records/time-coded-id.ts';
import { NameTable, OTHER_NAME } from '../sqlite/name-table.ts';
import { type SegmentLimits, SegmentRing } from '../sqlite/segments.ts';
import { inTransaction } from '../sqlite/transaction.ts';
import { durationStepOf, type Edge, EdgeFinder } from './edges.ts';
import {
  durationMark,
  ERROR_MARK,
  EVERY_SPAN,
  kindMark,
  linkMark,
  operationMark,
  serviceMark,
  tagMarks,
} from './marks.ts';
import { OperationTable } from './operation-table.ts';
import { markTable, spanSegments, spanTable } from './schema.ts';
import type { IncomingSpan } from './stored-span.ts';

const MAX_SERVICES = 1000;
const MAX_RESOURCES = 20_000;
const MAX_OPERATIONS = 20_000;

interface Statements {
  segment: number;
  insert: StatementSync;
  index: StatementSync;
  highest: StatementSync;
}

/** The only writer of the span database. Synchronous: runs in a thread of its own. */
export class SpanWriter {
  readonly #database: DatabaseSync;
  readonly #ring: SegmentRing;
  readonly #services: NameTable;
  readonly #resources: NameTable;
  readonly #operations: OperationTable;
  readonly #edges: EdgeFinder;
  readonly #addOperation: StatementSync;
  readonly #addEdge: StatementSync;
  #statements: Statements | undefined;
  readonly #lookUps = new Map<number, StatementSync>();
  /** Number and marks by resource object: the spans of one export share theirs. */
  #resourceCache = new WeakMap<object, { id: number; marks: string }>();

  constructor(database: DatabaseSync, limits: SegmentLimits) {
    this.#database = database;
    this.#ring = new SegmentRing(database, spanSegments, limits);
    this.#services = new NameTable(database, 'services', MAX_SERVICES);
    this.#resources = new NameTable(database, 'resources', MAX_RESOURCES);
    this.#operations = new OperationTable(database, MAX_OPERATIONS);
    this.#edges = new EdgeFinder(
      (traceId, spanId) => this.#serviceOf(traceId, spanId),
      (name) => this.#services.id(name),
    );
    this.#addOperation = database.prepare(
      `INSERT INTO operation_minutes VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET spans = spans + excluded.spans, errors = errors + excluded.errors`,
    );
    this.#addEdge = database.prepare(
      `INSERT INTO edge_minutes VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, errors = errors + excluded.errors`,
    );
  }

  /** Stores spans, those that are stored already apart. @throws the database's error; then none was stored. */
  write(
    spans: readonly IncomingSpan[],
    nowMs: number,
  ): { written: number; repeated: number; evicted: number } {
    try {
      return inTransaction(this.#database, () => ({
        ...this.#insert(spans, nowMs),
        evicted: this.#evict(nowMs),
      }));
    } catch (error) {
      this.#reload();
      throw error;
    }
  }

  /** Drops what has grown too old, also when nothing is written. @returns the number of spans that went. */
  evict(nowMs: number): number {
    this.#edges.expire(nowMs);
    try {
      return inTransaction(this.#database, () => this.#evict(nowMs));
    } catch (error) {
      this.#reload();
      throw error;
    }
  }

  usedBytes(): number {
    return this.#ring.usedBytes();
  }

  #evict(nowMs: number): number {
    const evicted = this.#ring.evict(nowMs);
    if (evicted === 0) return 0;
    const oldest = this.#ring.all.reduce(
      (ms, { rows, minId }) => (rows > 0 ? Math.min(ms, timeOfId(minId)) : ms),
      nowMs,
    );
    this.#database.prepare('DELETE FROM operation_minutes WHERE minute < ?').run(Math.floor(oldest / 60_000));
    this.#database.prepare('DELETE FROM edge_minutes WHERE minute < ?').run(Math.floor(oldest / 60_000));
    return evicted;
  }

  #insert(spans: readonly IncomingSpan[], nowMs: number): { written: number; repeated: number } {
    const segment = this.#ring.current(nowMs);
    const statements = this.#prepared(segment.number);
    const nextId = idAllocator((first, last) => {
      if (segment.rows === 0 || first > segment.maxId) return undefined;
      const taken = statements.highest.get(first, last)?.['id'];
      return typeof taken === 'number' ? taken : undefined;
    });
    const stored: { id: number; span: IncomingSpan; service: number; marks: string }[] = [];
    const operations = new Sums();
    for (const span of spans) {
      const service = this.#services.id(span.serviceName);
      const operation = this.#operations.id(service, span.name);
      const resource = this.#resource(span);
      const id = nextId(span.startUs / 1000);
      if (this.#operations.isOther(operation) && span.name !== OTHER_NAME) span.detail.n = span.name;
      const { changes } = statements.insert.run(
        id,
        span.traceId,
        span.spanId,
        span.parentId,
        service,
        operation,
        span.kind,
        span.error ? 1 : 0,
        span.startUs,
        span.durationNs,
        resource.id,
        JSON.stringify(span.detail),
      );
      if (changes === 0) continue;
      let marks = `${EVERY_SPAN} ${serviceMark(service)} ${operationMark(operation)} ${kindMark(span.kind)} ${durationMark(span.durationNs)}`;
      if (span.error) marks += ` ${ERROR_MARK}`;
      for (const link of span.links) marks += ` ${linkMark(link.traceId)}`;
      marks += tagMarks(span.attributes) + resource.marks;
      stored.push({ id, span, service, marks });
      operations.add([Math.floor(span.startUs / 60e6), service, operation, span.kind], 1, span.error ? 1 : 0);
    }
    stored.sort((a, b) => a.id - b.id);
    for (const { id, marks } of stored) statements.index.run(id, marks);
    const first = stored[0];
    const last = stored.at(-1);
    if (first && last) this.#ring.grew(segment, stored.length, first.id, last.id);
    for (const { key, count, errors } of operations.each()) this.#addOperation.run(...key, count, errors);
    this.#connect(stored, nowMs);
    return { written: stored.length, repeated: spans.length - stored.length };
  }

  #connect(stored: { span: IncomingSpan; service: number }[], nowMs: number): void {
    const edges = new Sums();
    const add = ({ minute, caller, callee, type, durationNs, error }: Edge) =>
      edges.add([minute, caller, callee, type, durationStepOf(durationNs)], 1, error ? 1 : 0);
    for (const { span, service } of stored) this.#edges.find(span, service, nowMs).forEach(add);
    for (const { key, count, errors } of edges.each()) this.#addEdge.run(...key, count, errors);
    this.#edges.expire(nowMs);
  }

  #serviceOf(traceId: string, spanId: string): number | undefined {
    // A caller's span is as young as its callee's: the two newest segments are enough.
    for (const { number } of this.#ring.all.slice(-2).reverse()) {
      const lookUp =
        this.#lookUps.get(number) ??
        this.#database.prepare(`SELECT service FROM ${spanTable(number)} WHERE trace_id = ? AND span_id = ?`);
      this.#lookUps.set(number, lookUp);
      const service = lookUp.get(traceId, spanId)?.['service'];
      if (typeof service === 'number') return service;
    }
    return undefined;
  }

  #resource({ resource }: IncomingSpan): { id: number; marks: string } {
    const known = this.#resourceCache.get(resource);
    if (known) return known;
    const entry = { id: this.#resources.id(JSON.stringify(resource)), marks: tagMarks(resource) };
    this.#resourceCache.set(resource, entry);
    return entry;
  }

  #prepared(segment: number): Statements {
    if (this.#statements?.segment === segment) return this.#statements;
    const table = spanTable(segment);
    this.#lookUps.clear();
    this.#statements = {
      segment,
      insert: this.#database.prepare(
        `INSERT OR IGNORE INTO ${table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      index: this.#database.prepare(`INSERT INTO ${markTable(segment)} (rowid, text) VALUES (?, ?)`),
      highest: this.#database.prepare(`SELECT max(id) AS id FROM ${table} WHERE id BETWEEN ? AND ?`),
    };
    return this.#statements;
  }

  /** After an error: what is remembered must be what is stored. */
  #reload(): void {
    this.#statements = undefined;
    this.#lookUps.clear();
    this.#resourceCache = new WeakMap();
    this.#ring.reload();
    this.#services.reload();
    this.#resources.reload();
    this.#operations.reload();
  }
}

/** Counts with errors by a key of numbers. */
class Sums {
  readonly #sums = new Map<string, { key: number[]; count: number; errors: number }>();

  add(key: number[], count: number, errors: number): void {
    const name = key.join(' ');
    const sum = this.#sums.get(name);
    if (sum) {
      sum.count += count;
      sum.errors += errors;
    } else this.#sums.set(name, { key, count, errors });
  }

  each() {
    return this.#sums.values();
  }
}
