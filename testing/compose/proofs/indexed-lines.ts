/** Counts, one by one, which numbered lines of a writer are in Elasticsearch. */
import { until } from '@lab/cli';
import { z } from 'zod';

export interface LineCounts {
  log_lines_written: number;
  log_lines_found: number;
  log_lines_doubled: number;
}

const PAGE = 10_000;
const ARRIVAL_DEADLINE_MS = 10 * 60_000;

const hits = z.object({
  hits: z.object({
    hits: z.array(z.object({ _source: z.record(z.string(), z.unknown()), sort: z.array(z.unknown()) })),
  }),
});
const counted = z.object({ count: z.number() });

export interface Asked {
  /** Address of Elasticsearch. */
  elasticsearch: string;
  /** The writer's `service.instance.id`. */
  instance: string;
  /** How many lines it wrote. */
  count: number;
  signal: AbortSignal;
}

/** Waits until all are there, or nothing comes any more, and counts. */
export async function countIndexed({ elasticsearch, instance, count, signal }: Asked): Promise<LineCounts> {
  const filter = { term: { 'service.instance.id': instance } };
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${elasticsearch}/logs-taskmanager-default*/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new Error(`Elasticsearch answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  let last = -1;
  // Until all are there, or nothing comes any more.
  await until(
    'the lines to be in Elasticsearch',
    async () => {
      const { count: now } = counted.parse(await post('_count', { query: filter }));
      const settled = now >= count && now === last;
      last = now;
      return settled;
    },
    { deadlineMs: ARRIVAL_DEADLINE_MS, everyMs: 3_000, signal },
  ).catch(() => undefined); // What is missing then is counted below, which says more than this would.
  const seen = new Map<number, number>();
  for (let after: unknown[] | undefined = []; after; ) {
    const page: z.infer<typeof hits>['hits']['hits'] = hits.parse(
      await post('_search', {
        size: PAGE,
        query: filter,
        sort: [{ 'event.sequence': 'asc' }, { 'event.id': 'asc' }, { _index: 'asc' }],
        _source: ['event.sequence'],
        ...(after.length > 0 ? { search_after: after } : {}),
      }),
    ).hits.hits;
    for (const { _source } of page) {
      const sequence = Number(_source['event.sequence']);
      seen.set(sequence, (seen.get(sequence) ?? 0) + 1);
    }
    after = page.at(-1)?.sort;
  }
  return {
    log_lines_written: count,
    log_lines_found: seen.size,
    log_lines_doubled: [...seen.values()].filter((times) => times > 1).length,
  };
}
