import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ParsedLine } from '../records/parse-line.ts';
import { idAllocator, timeOfId } from '../records/time-coded-id.ts';
import { NameTable } from '../sqlite/name-table.ts';
import { type Segment, type SegmentLimits, SegmentRing } from '../sqlite/segments.ts';
import { inTransaction } from '../sqlite/transaction.ts';
import { Instances } from './instances.ts';
import { logSegments, minuteTable, recordTable, secondTable, wordTable } from './schema.ts';

/** A line with the file it came from. */
export interface LogRow extends ParsedLine {
  /** Name of the file, for the record's details. */
  file: string;
}

export interface WriteOutcome {
  /** What is new, with the place it was given. */
  stored: { id: number; segment: number; row: LogRow }[];
  /** Records that were stored before: the file was read again. */
  repeated: number;
  /** Records that went to make room. */
  evicted: number;
}

interface Statements {
  segment: number;
  insert: StatementSync;
  index: StatementSync;
  highest: StatementSync;
  second: StatementSync;
  minute: StatementSync;
}

const MAX_SERVICES = 1000;
const MAX_FILES = 10_000;

/** The only writer of the log database. Synchronous: runs in a thread of its own. */
export class LogWriter {
  readonly #database: DatabaseSync;
  readonly #ring: SegmentRing;
  readonly #services: NameTable;
  readonly #files: NameTable;
  readonly #instances: Instances;
  #statements: Statements | undefined;

  constructor(database: DatabaseSync, limits: SegmentLimits) {
    this.#database = database;
    this.#ring = new SegmentRing(database, logSegments, limits);
    this.#services = new NameTable(database, 'services', MAX_SERVICES);
    this.#files = new NameTable(database, 'files', MAX_FILES);
    this.#instances = new Instances(database);
  }

  /**
   * Stores lines and, in the same transaction, whatever `alongside` writes (the position up to which they were read).
   * @throws the database's error; then nothing was stored and the call may be repeated.
   */
  write(rows: readonly LogRow[], nowMs: number, alongside: () => void): WriteOutcome {
    try {
      return inTransaction(this.#database, () => {
        const outcome = rows.length === 0 ? { stored: [], repeated: 0 } : this.#insert(rows, nowMs);
        alongside();
        return { ...outcome, evicted: this.#evict(nowMs) };
      });
    } catch (error) {
      this.#reload();
      throw error;
    }
  }

  /** Drops what has grown too old, also when nothing is written. @returns the number of records that went. */
  evict(nowMs: number): number {
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
    const oldest = this.#ring.all[0];
    if (oldest && evicted > 0) this.#instances.prune(oldest.createdMs);
    return evicted;
  }

  #insert(rows: readonly LogRow[], nowMs: number): Omit<WriteOutcome, 'evicted'> {
    const segment = this.#ring.current(nowMs);
    const statements = this.#prepared(segment.number);
    const nextId = idAllocator((first, last) => {
      if (segment.rows === 0 || first > segment.maxId) return undefined;
      const taken = statements.highest.get(first, last)?.['id'];
      return typeof taken === 'number' ? taken : undefined;
    });
    const texts: { id: number; text: string }[] = [];
    const stored: WriteOutcome['stored'] = [];
    const seconds = new Counts();
    for (const row of rows) {
      const service = this.#services.id(row.service);
      const instance = row.instance === null ? undefined : this.#instances.get(row.instance, nowMs);
      if (instance && row.sequence !== null) {
        // Only a sequence that was passed already can be a repetition; then it may stand in an older segment too.
        if (row.sequence <= instance.highest && this.#isStored(instance.id, row.sequence)) continue;
        this.#instances.counted(instance, row.sequence);
      }
      const id = nextId(row.ms);
      statements.insert.run(
        id,
        row.level,
        service,
        instance?.id ?? null,
        row.sequence,
        row.defect,
        this.#files.id(row.file),
        row.line,
      );
      stored.push({ id, segment: segment.number, row });
      texts.push({ id, text: `~a ~l${row.level} ~s${service} ${row.text}` });
      seconds.add(Math.floor(timeOfId(id) / 1000), row.level, service);
    }
    // The full-text index writes a part of its own for each step back in order.
    texts.sort((a, b) => a.id - b.id);
    for (const { id, text } of texts) statements.index.run(id, text);
    for (const [time, level, service, records] of seconds.each(1))
      statements.second.run(time, level, service, records);
    for (const [time, level, service, records] of seconds.each(60))
      statements.minute.run(time, level, service, records);
    this.#instances.save(nowMs);
    const first = texts[0];
    const last = texts.at(-1);
    if (first && last) this.#ring.grew(segment, texts.length, first.id, last.id);
    return { stored, repeated: rows.length - stored.length };
  }

  #isStored(instance: number, sequence: number): boolean {
    return this.#ring.all.some(
      ({ number }) =>
        this.#database
          .prepare(`SELECT 1 FROM ${recordTable(number)} WHERE instance = ? AND sequence = ?`)
          .get(instance, sequence) !== undefined,
    );
  }

  #prepared(segment: Segment['number']): Statements {
    if (this.#statements?.segment === segment) return this.#statements;
    const rollUp = (table: string) =>
      this.#database.prepare(
        `INSERT INTO ${table} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET records = records + excluded.records`,
      );
    this.#statements = {
      segment,
      insert: this.#database.prepare(`INSERT INTO ${recordTable(segment)} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`),
      index: this.#database.prepare(`INSERT INTO ${wordTable(segment)} (rowid, text) VALUES (?, ?)`),
      highest: this.#database.prepare(
        `SELECT max(id) AS id FROM ${recordTable(segment)} WHERE id BETWEEN ? AND ?`,
      ),
      second: rollUp(secondTable(segment)),
      minute: rollUp(minuteTable(segment)),
    };
    return this.#statements;
  }

  /** After an error: what is remembered must be what is stored. */
  #reload(): void {
    this.#statements = undefined;
    this.#ring.reload();
    this.#services.reload();
    this.#files.reload();
    this.#instances.reload();
  }
}

/** Records per second, level and service. */
class Counts {
  readonly #counts = new Map<string, [time: number, level: number, service: number, records: number]>();

  add(time: number, level: number, service: number, records = 1): void {
    const key = `${time} ${level} ${service}`;
    const count = this.#counts.get(key);
    if (count) count[3] += records;
    else this.#counts.set(key, [time, level, service, records]);
  }

  /** Summed to steps of that many seconds; `time` is the number of the step. */
  each(seconds: number): Iterable<[number, number, number, number]> {
    if (seconds === 1) return this.#counts.values();
    const coarse = new Counts();
    for (const [time, level, service, records] of this.#counts.values()) {
      coarse.add(Math.floor(time / seconds), level, service, records);
    }
    return coarse.each(1);
  }
}
