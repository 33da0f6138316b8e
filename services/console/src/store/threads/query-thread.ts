/** Worker thread: answers questions about logs and spans, on connections of its own that never wait for the writer. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { HistogramOptions } from '../logs/histogram.ts';
import { type LogFilter, LogReader, type LogSearch } from '../logs/log-reader.ts';
import { SpanReader, type TraceSearch } from '../spans/span-reader.ts';
import { openForReading, watchingForDamage } from '../sqlite/open-database.ts';
import { endThread, serve } from './calls.ts';

const { directory } = workerData as { directory: string };
const logFile = join(directory, 'logs.db');
const spanFile = join(directory, 'spans.db');
const logDatabase = openForReading(logFile, { cacheKiB: 6_000 });
const spanDatabase = openForReading(spanFile, { cacheKiB: 6_000 });
const logs = new LogReader(logDatabase);
const spans = new SpanReader(spanDatabase);

/** Damage that only a search meets would break that search for days: it ends the program, which begins a new file. */
function guarded<P, R>(path: string, method: (parameters: P) => R): (parameters: P) => R {
  return (parameters) => watchingForDamage(path, endThread, () => method(parameters));
}

interface Range {
  fromMs: number;
  toMs: number;
}

const methods = {
  searchLogs: guarded(logFile, (search: LogSearch) => logs.search(search)),
  logHistogram: guarded(logFile, (filter: LogFilter & HistogramOptions & { budgetMs: number }) =>
    logs.histogram(filter),
  ),
  logFacets: guarded(logFile, (filter: LogFilter & { bars: number; budgetMs: number }) =>
    logs.facets(filter),
  ),
  log: guarded(logFile, (id: string) => logs.detail(id)),
  searchTraces: guarded(spanFile, (search: TraceSearch) => spans.search(search)),
  trace: guarded(spanFile, (traceId: string) => spans.trace(traceId)),
  services: guarded(spanFile, (range: Range) => spans.services(range)),
  operations: guarded(spanFile, (range: Range & { service: string }) => spans.operations(range)),
  serviceGraph: guarded(spanFile, (range: Range) => spans.serviceGraph(range)),
};
export type QueryMethods = typeof methods;

serve(methods, () => {
  logDatabase.close();
  spanDatabase.close();
});
