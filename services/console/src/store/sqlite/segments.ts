/**
 * Rows live in segments: sets of tables that are filled one after the other and dropped whole, oldest first, when the store
 * grows beyond its size or a segment beyond its age. Dropping tables costs a fraction of deleting their rows, and keeps the
 * full-text indexes small. A segment holds what ARRIVED in a period; the times of its rows may overlap with other segments'.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { timeOfId } from '../records/time-coded-id.ts';
import { numberOf } from './transaction.ts';

export interface Segment {
  number: number;
  /** Milliseconds since the epoch. */
  createdMs: number;
  rows: number;
  /** Lowest and highest row id; 0 while empty. */
  minId: number;
  maxId: number;
  /** Pages the database used when the segment began. */
  startPages: number;
}

export interface SegmentLimits {
  /** Most bytes of all segments together. */
  maxBytes: number;
  /** Rows older than this may go. Milliseconds. */
  maxAgeMs: number;
  /** Most rows of one segment. */
  segmentRows: number;
}

export interface SegmentTables {
  /** Statements that make the tables of segment `number`. */
  create(number: number): string;
  /** Names of those tables. */
  names(number: number): string[];
}

export const segmentsSql = `CREATE TABLE segments (number INTEGER PRIMARY KEY, created_ms INTEGER NOT NULL,
  rows INTEGER NOT NULL, min_id INTEGER NOT NULL, max_id INTEGER NOT NULL, start_pages INTEGER NOT NULL);`;

/** How many segments the size and age limits are divided into: eviction frees about an eighth at a time. */
const SEGMENTS_PER_LIMIT = 8;

/** The writer's view: grows the newest segment, rolls to the next, evicts. Everything inside the caller's transaction. */
export class SegmentRing {
  #segments: Segment[] = [];
  readonly #database: DatabaseSync;
  readonly #tables: SegmentTables;
  readonly #limits: SegmentLimits;
  readonly #update: StatementSync;
  readonly #pageSize: number;

  constructor(database: DatabaseSync, tables: SegmentTables, limits: SegmentLimits) {
    this.#database = database;
    this.#tables = tables;
    this.#limits = limits;
    this.#update = database.prepare('UPDATE segments SET rows = ?, min_id = ?, max_id = ? WHERE number = ?');
    this.#pageSize = numberOf(database.prepare('PRAGMA page_size').get()?.['page_size']);
    this.reload();
  }

  reload(): void {
    this.#segments = readSegments(this.#database);
  }

  /** Oldest first. */
  get all(): readonly Segment[] {
    return this.#segments;
  }

  /** The segment to write to; begins a new one when the newest is full or old. */
  current(nowMs: number): Segment {
    const newest = this.#segments.at(-1);
    if (newest && !this.#isFull(newest, nowMs)) return newest;
    return this.#begin((newest?.number ?? 0) + 1, nowMs);
  }

  /** Notes what a batch added to the newest segment. */
  grew(segment: Segment, rows: number, minId: number, maxId: number): void {
    segment.minId = segment.rows === 0 ? minId : Math.min(segment.minId, minId);
    segment.maxId = Math.max(segment.maxId, maxId);
    segment.rows += rows;
    this.#update.run(segment.rows, segment.minId, segment.maxId, segment.number);
  }

  /** Drops the oldest segments until size and age hold. @returns how many rows went. */
  evict(nowMs: number): number {
    let rows = 0;
    for (let oldest = this.#segments[0]; oldest; oldest = this.#segments[0]) {
      const tooOld =
        oldest.rows > 0 && Math.max(timeOfId(oldest.maxId), oldest.createdMs) < nowMs - this.#limits.maxAgeMs;
      if (!tooOld && this.usedBytes() <= this.#limits.maxBytes) break;
      if (this.#segments.length === 1 && oldest.rows === 0) break;
      rows += oldest.rows;
      this.#drop(oldest);
    }
    return rows;
  }

  /** Bytes in use, free pages not counted. */
  usedBytes(): number {
    return this.#usedPages() * this.#pageSize;
  }

  #isFull(segment: Segment, nowMs: number): boolean {
    if (segment.rows === 0) return false;
    return (
      segment.rows >= this.#limits.segmentRows ||
      nowMs - segment.createdMs >= this.#limits.maxAgeMs / SEGMENTS_PER_LIMIT ||
      (this.#usedPages() - segment.startPages) * this.#pageSize >= this.#limits.maxBytes / SEGMENTS_PER_LIMIT
    );
  }

  #begin(number: number, nowMs: number): Segment {
    const segment: Segment = {
      number,
      createdMs: nowMs,
      rows: 0,
      minId: 0,
      maxId: 0,
      startPages: this.#usedPages(),
    };
    this.#database.exec(this.#tables.create(number));
    this.#database
      .prepare('INSERT INTO segments VALUES (?, ?, 0, 0, 0, ?)')
      .run(number, nowMs, segment.startPages);
    this.#segments.push(segment);
    return segment;
  }

  #drop(segment: Segment): void {
    const before = this.#usedPages();
    for (const name of this.#tables.names(segment.number)) this.#database.exec(`DROP TABLE ${name}`);
    this.#database.prepare('DELETE FROM segments WHERE number = ?').run(segment.number);
    this.#segments.shift();
    const newest = this.#segments.at(-1);
    if (!newest) return;
    // So that the growth of the newest segment is still the difference between pages used and its start.
    newest.startPages -= before - this.#usedPages();
    this.#database
      .prepare('UPDATE segments SET start_pages = ? WHERE number = ?')
      .run(newest.startPages, newest.number);
  }

  #usedPages(): number {
    const pages = numberOf(this.#database.prepare('PRAGMA page_count').get()?.['page_count']);
    return pages - numberOf(this.#database.prepare('PRAGMA freelist_count').get()?.['freelist_count']);
  }
}

/** Oldest first. */
export function readSegments(database: DatabaseSync): Segment[] {
  return database
    .prepare('SELECT * FROM segments ORDER BY number')
    .all()
    .map((row) => ({
      number: numberOf(row['number']),
      createdMs: numberOf(row['created_ms']),
      rows: numberOf(row['rows']),
      minId: numberOf(row['min_id']),
      maxId: numberOf(row['max_id']),
      startPages: numberOf(row['start_pages']),
    }));
}

/** Segments with rows in that range of ids, newest first. */
export function segmentsBetween(database: DatabaseSync, fromId: number, toId: number): Segment[] {
  return readSegments(database)
    .filter(({ rows, minId, maxId }) => rows > 0 && maxId >= fromId && minId <= toId)
    .sort((a, b) => b.maxId - a.maxId || b.number - a.number);
}
