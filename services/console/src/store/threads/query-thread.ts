/** Worker thread: answers questions about logs and spans, on connections of its own that never wait for the writer. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { HistogramOptions } from '../logs/histogram.ts';
import { type LogFilter, LogReader, type LogSearch } from '../logs/log-reader.ts';
import { SpanReader, type TraceSearch } from '../spans/span-reader.ts';
import { openForReading } from '../sqlite/open-database.ts';
import { serve } from './calls.ts';

const { directory } = workerData as { directory: string };
const logDatabase = openForReading(join(directory, 'logs.db'), { cacheKiB: 24_000 });
const spanDatabase = openForReading(join(directory, 'spans.db'), { cacheKiB: 16_000 });
const logs = new LogReader(logDatabase);
const spans = new SpanReader(spanDatabase);

interface Range {
  fromMs: number;
  toMs: number;
}

const methods = {
  searchLogs: (search: LogSearch) => logs.search(search),
  logHistogram: (filter: LogFilter & HistogramOptions & { budgetMs: number }) => logs.histogram(filter),
  logFacets: (range: Range) => logs.facets(range),
  log: (id: string) => logs.detail(id),
  searchTraces: (search: TraceSearch) => spans.search(search),
  trace: (traceId: string) => spans.trace(traceId),
  services: (range: Range) => spans.services(range),
  operations: (range: Range & { service: string }) => spans.operations(range),
  serviceGraph: (range: Range) => spans.serviceGraph(range),
  counts: (_: undefined) => ({ logs: logs.count(), spans: spans.count() }),
};
export type QueryMethods = typeof methods;

serve(methods, () => {
  logDatabase.close();
  spanDatabase.close();
});
