/** A log store in a folder of its own, without threads: writer and reader on the same file. */
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { LogReader } from '../../src/store/logs/log-reader.ts';
import { LogWriter } from '../../src/store/logs/log-writer.ts';
import { logLayout } from '../../src/store/logs/schema.ts';
import { type LineContext, parseLine } from '../../src/store/records/parse-line.ts';
import { openForReading, openForWriting } from '../../src/store/sqlite/open-database.ts';
import type { SegmentLimits } from '../../src/store/sqlite/segments.ts';

export const ROOMY: SegmentLimits = { maxBytes: 1e9, maxAgeMs: 365 * 86_400_000, segmentRows: 100_000 };
export const NOON = Date.UTC(2026, 10, 22, 12);

export interface LogDatabase extends AsyncDisposable {
  folder: string;
  path: string;
  writer: LogWriter;
  reader: LogReader;
  database: ReturnType<typeof openForWriting>['database'];
  /** Stores records as lines of `app.log`, in one batch. */
  add(
    records: Record<string, unknown>[],
    nowMs?: number,
  ): { stored: number; repeated: number; evicted: number };
}

export async function logDatabase(limits: Partial<SegmentLimits> = {}): Promise<LogDatabase> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'logs.db');
  const { database } = openForWriting(path, logLayout, { cacheKiB: 4000 });
  const writer = new LogWriter(database, { ...ROOMY, ...limits });
  const readingFrom = openForReading(path, { cacheKiB: 4000 });
  const context: LineContext = { service: 'app', ms: NOON, latestMs: NOON + 10 * 365 * 86_400_000 };
  return {
    folder: folder.path,
    path,
    writer,
    database,
    reader: new LogReader(readingFrom),
    add(records, nowMs = NOON) {
      const rows = records.flatMap((record) =>
        parseLine(JSON.stringify(record), context).map((line) => ({ ...line, file: 'app.log' })),
      );
      const { stored, repeated, evicted } = writer.write(rows, nowMs, () => undefined);
      return { stored: stored.length, repeated, evicted };
    },
    [Symbol.asyncDispose]: async () => {
      readingFrom.close();
      database.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A search with defaults that find everything. */
export const search = (query: string, over: Partial<Parameters<LogReader['search']>[0]> = {}) => ({
  query,
  levels: [],
  services: [],
  fromMs: NOON - 86_400_000,
  toMs: NOON + 86_400_000,
  limit: 500,
  cursor: undefined,
  budgetMs: 60_000,
  ...over,
});

export const at = (ms: number, record: Record<string, unknown> = {}) => ({
  '@timestamp': new Date(ms).toISOString(),
  'log.level': 'info',
  'service.name': 'taskmanager-api',
  message: 'hello',
  ...record,
});
