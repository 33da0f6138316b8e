/** Memory of the Node.js processes: what each has, where it lies, and what collecting it costs. */
import { BytesIEC, PercentUnit, Seconds } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { runbook } from '../build/links.ts';
import { limit } from '../build/query.ts';
import { timeSeries } from '../build/time-series.ts';
import { CHOSEN, PROCESSES } from './runtime.ts';

export const memoryOf = (selector: string, width = 12) =>
  timeSeries('Memory', {
    shows: 'Resident memory of each process.',
    normal: 'climbs while the process warms up, then a saw-tooth between collections.',
    act: 'a floor that keeps rising is a leak: compare the heap after collections on the Node.js runtime dashboard.',
    width,
    unit: BytesIEC,
    links: [runbook('MemoryGrowth')],
    queries: [{ promql: `process_resident_memory_bytes{${selector}}`, legend: '{{instance}}' }],
  });

export const memoryOfServices = memoryOf(PROCESSES, 8);

export const memoryAgainstLimit = timeSeries('Memory and its limit', {
  shows:
    'Resident memory, and the most that the process may have (dashed; its container’s limit in full mode).',
  normal: 'levels off well below the dashed line.',
  act: 'MemoryGrowth fires when it is nearly full and still growing: take a heap snapshot before it is ended.',
  unit: BytesIEC,
  links: [runbook('MemoryGrowth')],
  queries: [
    { promql: `process_resident_memory_bytes{${CHOSEN}}`, legend: '{{instance}}' },
    limit(`lab:memory_limit:bytes{${CHOSEN}}`, '{{job}} limit'),
  ],
});

export const heap = timeSeries('Heap', {
  shows: 'JavaScript’s heap: in use, and reserved (dashed); buffers outside of it are "external".',
  normal: 'a saw-tooth whose low points stay level.',
  act: 'rising low points are a leak of objects; rising "external" is one of buffers.',
  unit: BytesIEC,
  queries: [
    { promql: `sum by (job) (nodejs_heap_size_used_bytes{${CHOSEN}})`, legend: '{{job}} used' },
    {
      promql: `sum by (job) (nodejs_heap_size_total_bytes{${CHOSEN}})`,
      legend: '{{job}} reserved',
      dashed: true,
      color: COLOR.reference,
    },
    { promql: `sum by (job) (nodejs_external_memory_bytes{${CHOSEN}})`, legend: '{{job}} external' },
  ],
});

export const heapSpaces = timeSeries('Heap by space', {
  shows: 'Where the heap’s memory lies: new objects, old ones, code, large ones.',
  normal: '"new" jumps, "old" hardly moves.',
  act: '"old" that only grows holds what somebody forgot to let go.',
  unit: BytesIEC,
  stacked: true,
  queries: [{ promql: `sum by (space) (nodejs_heap_space_size_used_bytes{${CHOSEN}})`, legend: '{{space}}' }],
});

export const collections = timeSeries('Garbage collection', {
  shows: 'Share of the time spent collecting, by kind.',
  normal: 'below two per cent, nearly all of it minor.',
  act: 'major collections that take more: the heap is too small for its load, or leaks.',
  unit: PercentUnit,
  stacked: true,
  queries: [
    {
      promql: `sum by (kind) (rate(nodejs_gc_duration_seconds_sum{${CHOSEN}}[$__rate_interval]))`,
      legend: '{{kind}}',
    },
  ],
});

export const collectionPause = timeSeries('Longest collections, p99', {
  shows: '99 of 100 collections were shorter than this; nothing else runs meanwhile.',
  normal: 'a few milliseconds.',
  act: 'tens of milliseconds are felt as latency: fewer and smaller objects, or more processes.',
  unit: Seconds,
  queries: [
    {
      promql: `histogram_quantile(0.99, sum by (le, job) (rate(nodejs_gc_duration_seconds_bucket{${CHOSEN}}[5m]))) >= 0`,
      legend: '{{job}}',
    },
  ],
});
