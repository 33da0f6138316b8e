/**
 * Accounts for log lines where Elasticsearch is all that can be asked: each process numbers its lines, so one that is
 * missing between two others is a gap, and one that is there twice is counted twice.
 */
import { z } from 'zod';
import { until } from '../wait.ts';

export interface IndexedLines {
  /** Numbers that there have to be, from each process's first to its last. */
  written: number;
  gaps: number;
  storedTwice: number;
  /** True: lines of the last moment had arrived, so none of before is still on its way. */
  complete: boolean;
}

export interface IndexedLinesOptions {
  elasticsearchUrl: string;
  /** ISO. */
  since: string;
  deadlineMs: number;
  signal: AbortSignal;
}

const INDICES = 'logs-taskmanager-default*';
/** More processes than restarts of an experiment make. */
const MOST_PROCESSES = 200;
/** Up to which Elasticsearch counts different numbers exactly. */
const EXACT = 40_000;

const counted = z.object({
  aggregations: z.object({
    newest: z.object({ value: z.number().nullable() }),
    processes: z.object({
      buckets: z.array(
        z.object({
          doc_count: z.number(),
          first: z.object({ value: z.number() }),
          last: z.object({ value: z.number() }),
          different: z.object({ value: z.number() }),
        }),
      ),
    }),
  }),
});

export async function accountForIndexedLines(options: IndexedLinesOptions): Promise<IndexedLines> {
  const { deadlineMs, signal } = options;
  const asked = Date.now();
  let account: IndexedLines = { written: 0, gaps: 0, storedTwice: 0, complete: false };
  await until(
    'every line to be in Elasticsearch',
    async (bounded) => {
      account = await look(options, asked, bounded);
      return account.complete && account.gaps === 0;
    },
    { deadlineMs, everyMs: 500, signal },
  ).catch((error: unknown) => {
    // What is missing by then is the result; an Elasticsearch that never answered is not.
    if (account.written === 0) throw error;
  });
  return account;
}

async function look(
  { elasticsearchUrl, since }: IndexedLinesOptions,
  asked: number,
  signal: AbortSignal,
): Promise<IndexedLines> {
  const sequence = { field: 'event.sequence' };
  const response = await fetch(`${elasticsearchUrl}/${INDICES}/_search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      size: 0,
      query: { range: { '@timestamp': { gte: since } } },
      aggs: {
        newest: { max: { field: '@timestamp' } },
        processes: {
          terms: { field: 'service.instance.id', size: MOST_PROCESSES },
          aggs: {
            first: { min: sequence },
            last: { max: sequence },
            different: { cardinality: { ...sequence, precision_threshold: EXACT } },
          },
        },
      },
    }),
    signal,
  });
  if (!response.ok)
    throw new Error(`Elasticsearch answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  const { newest, processes } = counted.parse(await response.json()).aggregations;
  const account = { written: 0, gaps: 0, storedTwice: 0, complete: (newest.value ?? 0) >= asked };
  for (const { doc_count: found, first, last, different } of processes.buckets) {
    const numbers = last.value - first.value + 1;
    account.written += numbers;
    account.gaps += numbers - different.value;
    account.storedTwice += found - different.value;
  }
  return account;
}
