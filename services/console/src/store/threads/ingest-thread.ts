/** Worker thread: the only writer of logs and spans. Follows the log files by itself, stores spans as it is asked to. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { decodeTraceRequest } from '@lab/telemetry/otlp';
import { LogFollower } from '../follower/log-follower.ts';
import { LogWriter, type WriteOutcome } from '../logs/log-writer.ts';
import { logLayout } from '../logs/schema.ts';
import { DEFECTS } from '../records/parse-line.ts';
import { spanLayout } from '../spans/schema.ts';
import { SpanWriter } from '../spans/span-writer.ts';
import { type IncomingSpan, incomingSpan } from '../spans/stored-span.ts';
import { openForWriting, watchingForDamage } from '../sqlite/open-database.ts';
import { endThread, serve } from './calls.ts';
import type { IngestData, IngestEvent, IngestStats, TailedLine } from './ingest-events.ts';

const data = workerData as IngestData;
/** How long new lines may wait in their file. */
const POLL_MS = 150;
const REPORT_EVERY_MS = 250;
const EVICT_EVERY_MS = 1000;
const TIDY_EVERY_MS = 600_000;
/** Records of one batch that are sent to live tails at most; the rest is counted. */
const MAX_TAILED = 500;

const logFile = join(data.directory, 'logs.db');
const spanFile = join(data.directory, 'spans.db');
const logs = openForWriting(logFile, logLayout, { cacheKiB: 6_000 });
const spans = openForWriting(spanFile, spanLayout, { cacheKiB: 6_000 });
const logWriter = guarded(logFile, () => new LogWriter(logs.database, data.logLimits));
const spanWriter = guarded(spanFile, () => new SpanWriter(spans.database, data.spanLimits));

let tailing = false;
let stopping = false;
const stop = new AbortController();
const stats: IngestStats = {
  logsWritten: 0,
  logsRepeated: 0,
  logsEvicted: 0,
  defects: {},
  spansWritten: 0,
  spansRepeated: 0,
  spansEvicted: 0,
  logLagSeconds: null,
  spanLagSeconds: null,
  files: 0,
  bytes: 0,
};
let reported = '';

const follower =
  data.logDirectory === null
    ? undefined
    : new LogFollower({
        directory: data.logDirectory,
        writer: logWriter,
        database: logs.database,
        events: {
          stored: storedLines,
          notice: (message, fields) => emit({ kind: 'notice', message, fields }),
        },
      });

const send = serve({ addSpans, tail, ready: () => undefined }, close);
const emit = (event: IngestEvent) => send(event);

export type IngestMethods = {
  addSpans: typeof addSpans;
  tail: typeof tail;
  ready: (parameters: undefined) => void;
};

for (const [name, { replaced }] of Object.entries({ 'logs.db': logs, 'spans.db': spans })) {
  if (replaced !== null) {
    emit({
      kind: 'notice',
      message: 'store file put aside and begun anew',
      fields: { 'file.name': name, 'event.reason': replaced },
    });
  }
}
const loops = [follow(), housekeep()];

/** Whether stored lines are also sent to the caller, as events. */
function tail(on: boolean): void {
  tailing = on;
}

/** @throws OtlpDecodeError when the body is not an export request; nothing of it is stored then. */
function addSpans({ body, contentType }: { body: Uint8Array; contentType: string }) {
  const nowMs = Date.now();
  const sound: IncomingSpan[] = [];
  let rejected = 0;
  let reason = '';
  for (const span of decodeTraceRequest(body, contentType)) {
    const incoming = incomingSpan(span, nowMs);
    if (typeof incoming !== 'string') sound.push(incoming);
    else {
      rejected++;
      reason = incoming;
    }
  }
  const { written, repeated, evicted } = guarded(spanFile, () => spanWriter.write(sound, nowMs));
  stats.spansWritten += written;
  stats.spansRepeated += repeated;
  stats.spansEvicted += evicted;
  const newestUs = sound.reduce(
    (newest, { startUs, durationNs }) => Math.max(newest, startUs + durationNs / 1000),
    0,
  );
  if (newestUs > 0) stats.spanLagSeconds = Math.max(0, nowMs / 1000 - newestUs / 1e6);
  return { accepted: sound.length, rejected, reason };
}

function storedLines({ stored, repeated, evicted }: WriteOutcome): void {
  stats.logsWritten += stored.length;
  stats.logsRepeated += repeated;
  stats.logsEvicted += evicted;
  let newestMs = 0;
  for (const { row } of stored) {
    newestMs = Math.max(newestMs, row.ms);
    const defect = DEFECTS[row.defect];
    if (defect) stats.defects[defect] = (stats.defects[defect] ?? 0) + 1;
  }
  if (newestMs > 0) stats.logLagSeconds = Math.max(0, (Date.now() - newestMs) / 1000);
  if (!tailing || stored.length === 0) return;
  const lines: TailedLine[] = stored.slice(-MAX_TAILED).map(({ id, segment, row }) => ({
    id,
    segment,
    level: row.level,
    service: row.service,
    defect: row.defect,
    line: row.line,
  }));
  emit({ kind: 'tail', lines, omitted: stored.length - lines.length });
}

async function follow(): Promise<void> {
  let failures = 0;
  let sinceMs = Date.now();
  while (!stopping) {
    let more = false;
    try {
      more = guarded(logFile, () => follower?.pass() ?? false);
      failures = 0;
      sinceMs = Date.now();
    } catch (error) {
      // Disk full, most likely. Nothing was stored and no position moved: the same lines are tried again.
      if (failures++ === 0)
        emit({ kind: 'failure', message: 'log lines cannot be stored', reason: String(error) });
      // Nothing is stored any more: what waits grows older all the time.
      stats.logLagSeconds = Math.max(stats.logLagSeconds ?? 0, (Date.now() - sinceMs) / 1000);
    }
    if (more) await new Promise(setImmediate);
    else await rest(Math.min(5000, POLL_MS * 2 ** Math.min(failures, 6)));
  }
}

async function housekeep(): Promise<void> {
  let evictAt = 0;
  let tidyAt = Date.now() + TIDY_EVERY_MS;
  while (!stopping) {
    const nowMs = Date.now();
    try {
      if (nowMs >= evictAt) {
        stats.logsEvicted += guarded(logFile, () => logWriter.evict(nowMs));
        stats.spansEvicted += guarded(spanFile, () => spanWriter.evict(nowMs));
        stats.bytes = [logFile, spanFile].reduce(
          (sum, path) => sum + sizeOf(path) + sizeOf(`${path}-wal`),
          0,
        );
        evictAt = nowMs + EVICT_EVERY_MS;
      }
      if (nowMs >= tidyAt) {
        guarded(logFile, () => follower?.tidy());
        tidyAt = nowMs + TIDY_EVERY_MS;
      }
    } catch (error) {
      emit({ kind: 'failure', message: 'store cannot be kept within its limits', reason: String(error) });
      evictAt = nowMs + 30_000;
    }
    report();
    await rest(REPORT_EVERY_MS);
  }
}

function report(): void {
  stats.files = follower?.files ?? 0;
  const now = JSON.stringify(stats);
  if (now === reported) return;
  reported = now;
  emit({ kind: 'stats', stats });
}

/** Damage to a file ends the thread, and with it the program: uncaught on purpose. */
function guarded<T>(path: string, work: () => T): T {
  return watchingForDamage(path, endThread, work);
}

async function rest(ms: number): Promise<void> {
  await pause(ms, undefined, { signal: stop.signal }).catch(() => {
    // Woken to stop.
  });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function close(): Promise<void> {
  stopping = true;
  stop.abort();
  await Promise.all(loops);
  report();
  follower?.[Symbol.dispose]();
  logs.database.close();
  spans.database.close();
}
