/** The Node.js processes: processor, memory, event loop, garbage collection, restarts. */
import { BytesIEC, PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { logs, runbook } from '../build/links.ts';
import { stat } from '../build/stat.ts';
import { table } from '../build/table.ts';
import { alertThreshold, inPercent, patience, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

const PROCESSES = 'job=~"taskmanager-.+|lab-console"';
const CHOSEN = 'job=~"$job"';
const cpu = alertThreshold('CpuSaturated');
const lag = alertThreshold('EventLoopLag');
const memory = alertThreshold('MemoryGrowth');
const restarts = alertThreshold('RestartLoop');

const lagSteps = worseAbove({ warn: lag / 2, bad: lag });

const ABOUT_CPU = {
  shows: 'Processor time of each process. JavaScript runs on one core, so 100 % is all there is.',
  normal: 'below half; short peaks do no harm.',
  act: `CpuSaturated fires above ${inPercent(alertThreshold('CpuSaturated'))} for ${patience('CpuSaturated')}: more traffic than one process carries, or a loop.`,
};

export const cpuOf = (selector: string, width = 12) =>
  timeSeries('CPU', {
    about: ABOUT_CPU,
    width,
    unit: PercentUnit,
    min: 0,
    softMax: cpu,
    limits: worseAbove({ bad: cpu }),
    links: [runbook('CpuSaturated')],
    queries: [
      { promql: `rate(process_cpu_seconds_total{${selector}}[$__rate_interval])`, legend: '{{job}}' },
    ],
  });

export const memoryOf = (selector: string, width = 12) =>
  timeSeries('Memory', {
    about: {
      shows: 'Resident memory of each process.',
      normal: 'climbs while the process warms up, then a saw-tooth between collections.',
      act: 'a floor that keeps rising is a leak: compare the heap after collections on the Node.js runtime dashboard.',
    },
    width,
    unit: BytesIEC,
    min: 0,
    links: [runbook('MemoryGrowth')],
    queries: [{ promql: `process_resident_memory_bytes{${selector}}`, legend: '{{job}}' }],
  });

export const lagOf = (selector: string, width = 12) =>
  timeSeries('Event loop delay, p99', {
    about: {
      shows: 'How much too late the event loop came to its work, since the scrape before.',
      normal: 'ten to thirty milliseconds; hashing passwords does not block it.',
      act: `EventLoopLag fires above the line for ${patience('EventLoopLag')}: something computes too long at a time, and nobody is served meanwhile.`,
    },
    width,
    unit: Seconds,
    min: 0,
    limits: worseAbove({ bad: lag }),
    links: [runbook('EventLoopLag')],
    queries: [{ promql: `nodejs_eventloop_lag_p99_seconds{${selector}}`, legend: '{{job}}' }],
  });

export const cpuChosen = cpuOf(CHOSEN);
export const lagChosen = lagOf(CHOSEN);
export const cpuOfServices = cpuOf(PROCESSES, 8);
export const memoryOfServices = memoryOf(PROCESSES, 8);
export const lagOfServices = lagOf(PROCESSES, 8);

export const processes = table('Processes', {
  about: {
    shows:
      'Each process now: processor, memory against its limit, event loop, restarts within fifteen minutes.',
    normal: 'nothing coloured but green.',
    act: 'choose the process above and look at its curves.',
  },
  width: 24,
  height: 5,
  columns: [
    { title: 'Process', from: { label: 'job' } },
    { title: 'Where', from: { label: 'instance' } },
    { title: 'CPU', from: { value: 0 }, unit: PercentUnit, decimals: 1, steps: worseAbove({ bad: cpu }) },
    {
      title: 'Memory of its limit',
      from: { value: 1 },
      unit: PercentUnit,
      decimals: 0,
      steps: worseAbove({ warn: memory * 0.9, bad: memory }),
    },
    { title: 'Loop delay p99', from: { value: 2 }, unit: Seconds, steps: lagSteps },
    {
      title: 'Restarts, 15m',
      from: { value: 3 },
      unit: Short,
      decimals: 0,
      steps: worseAbove({ warn: 1, bad: restarts + 1 }),
    },
    { title: 'Up for', from: { value: 4 }, unit: Seconds },
  ],
  queries: [
    { promql: `rate(process_cpu_seconds_total{${PROCESSES}}[$__rate_interval])`, legend: '' },
    {
      promql: `process_resident_memory_bytes{${PROCESSES}} / on (job) group_left () lab:memory_limit:bytes`,
      legend: '',
    },
    { promql: `nodejs_eventloop_lag_p99_seconds{${PROCESSES}}`, legend: '' },
    { promql: `changes(process_start_time_seconds{${PROCESSES}}[15m])`, legend: '' },
    { promql: `time() - process_start_time_seconds{${PROCESSES}}`, legend: '' },
  ],
});

export const memoryAgainstLimit = timeSeries('Memory and its limit', {
  about: {
    shows:
      'Resident memory, and the most that the process may have (dashed; its container’s limit in full mode).',
    normal: 'levels off well below the dashed line.',
    act: 'MemoryGrowth fires when it is nearly full and still growing: take a heap snapshot before it is ended.',
  },
  unit: BytesIEC,
  min: 0,
  links: [runbook('MemoryGrowth')],
  queries: [
    { promql: `process_resident_memory_bytes{${CHOSEN}}`, legend: '{{job}}' },
    {
      promql: `lab:memory_limit:bytes{${CHOSEN}}`,
      legend: '{{job}} limit',
      color: COLOR.errors,
      dashed: true,
    },
  ],
});

export const heap = timeSeries('Heap', {
  about: {
    shows: 'JavaScript’s heap: in use, and reserved (dashed); buffers outside of it are "external".',
    normal: 'a saw-tooth whose low points stay level.',
    act: 'rising low points are a leak of objects; rising "external" is one of buffers.',
  },
  unit: BytesIEC,
  min: 0,
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
  about: {
    shows: 'Where the heap’s memory lies: new objects, old ones, code, large ones.',
    normal: '"new" jumps, "old" hardly moves.',
    act: '"old" that only grows holds what somebody forgot to let go.',
  },
  unit: BytesIEC,
  stacked: true,
  queries: [{ promql: `sum by (space) (nodejs_heap_space_size_used_bytes{${CHOSEN}})`, legend: '{{space}}' }],
});

export const collections = timeSeries('Garbage collection', {
  about: {
    shows: 'Share of the time spent collecting, by kind.',
    normal: 'below two per cent, nearly all of it minor.',
    act: 'major collections that take more: the heap is too small for its load, or leaks.',
  },
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
  about: {
    shows: '99 of 100 collections were shorter than this; nothing else runs meanwhile.',
    normal: 'a few milliseconds.',
    act: 'tens of milliseconds are felt as latency: fewer and smaller objects, or more processes.',
  },
  unit: Seconds,
  min: 0,
  queries: [
    {
      promql: `histogram_quantile(0.99, sum by (le, job) (rate(nodejs_gc_duration_seconds_bucket{${CHOSEN}}[5m]))) >= 0`,
      legend: '{{job}}',
    },
  ],
});

export const loopSpread = timeSeries('Event loop delay', {
  about: {
    shows: 'The event loop’s delay: usual (p50, p90), rare (p99) and worst.',
    normal: 'all close together. The worst is a single moment.',
    act: 'a worst far above the rest is one long computation: the trace of that second shows which request.',
  },
  unit: Seconds,
  min: 0,
  limits: worseAbove({ bad: lag }),
  queries: [
    { promql: `max(nodejs_eventloop_lag_max_seconds{${CHOSEN}})`, legend: 'worst', color: COLOR.reference },
    { promql: `max(nodejs_eventloop_lag_p99_seconds{${CHOSEN}})`, legend: 'p99', color: COLOR.p99 },
    { promql: `max(nodejs_eventloop_lag_p90_seconds{${CHOSEN}})`, legend: 'p90', color: COLOR.p90 },
    { promql: `max(nodejs_eventloop_lag_p50_seconds{${CHOSEN}})`, legend: 'p50', color: COLOR.p50 },
  ],
});

export const handles = timeSeries('Handles and requests', {
  about: {
    shows: 'Open sockets, files and timers, and what waits for the operating system.',
    normal: 'goes up and down with traffic.',
    act: 'handles that only grow are connections or timers that nobody closes.',
  },
  unit: Short,
  min: 0,
  queries: [
    { promql: `nodejs_active_handles_total{${CHOSEN}}`, legend: '{{job}} handles' },
    { promql: `nodejs_active_requests_total{${CHOSEN}}`, legend: '{{job}} requests', dashed: true },
  ],
});

export const resources = timeSeries('What keeps the process alive', {
  about: {
    shows: 'Node.js’ own list of active resources, by type.',
    normal: 'sockets in step with traffic, a handful of everything else.',
    act: 'the type that grows says what leaks.',
  },
  unit: Short,
  stacked: true,
  queries: [{ promql: `sum by (type) (nodejs_active_resources{${CHOSEN}})`, legend: '{{type}}' }],
});

export const files = timeSeries('Open files', {
  about: {
    shows: 'File descriptors in use, sockets included, as a share of those allowed.',
    normal: 'a few per cent at most.',
    act: 'near 100 % every new connection fails: look for what leaks, or raise the limit.',
  },
  unit: PercentUnit,
  min: 0,
  queries: [{ promql: `process_open_fds{${CHOSEN}} / process_max_fds{${CHOSEN}}`, legend: '{{job}}' }],
});

export const startsOf = timeSeries('Restarts', {
  about: {
    shows: 'How often each process began anew within fifteen minutes.',
    normal: 'zero.',
    act: `RestartLoop fires above ${alertThreshold('RestartLoop')}: the last log lines before each start say why.`,
  },
  unit: Short,
  decimals: 0,
  min: 0,
  softMax: restarts,
  steps: true,
  limits: worseAbove({ bad: restarts }),
  links: [runbook('RestartLoop'), logs('Errors', 'log.level:error')],
  queries: [{ promql: `changes(process_start_time_seconds{${CHOSEN}}[15m])`, legend: '{{job}}' }],
});

export const versions = table('What runs', {
  about: {
    shows: 'Service, version and Node.js of each process.',
    normal: 'one version each.',
    act: 'two versions of one service are a deployment under way, or one that stopped half-way.',
  },
  columns: [
    { title: 'Job', from: { label: 'job' } },
    { title: 'Service', from: { label: 'service' } },
    { title: 'Version', from: { label: 'version' } },
    { title: 'Environment', from: { label: 'environment' } },
    { title: 'Node.js', from: { label: 'node' } },
  ],
  queries: [
    {
      promql:
        'service_info * on (job, instance) group_left (node) label_replace(nodejs_version_info, "node", "$1", "version", "(.*)")',
      legend: '',
    },
  ],
});

export const sessions = stat('Active sessions', {
  about: {
    shows: 'Sessions in the database that have not expired.',
    normal: 'as many as people who logged in lately.',
    act: 'a fall to zero while there is traffic means that nobody can log in.',
  },
  unit: Short,
  decimals: 0,
  steps: [{ from: Number.NEGATIVE_INFINITY, color: COLOR.traffic }],
  queries: [{ promql: 'max(active_sessions{job="taskmanager-backend"})', legend: 'sessions' }],
});

export const sessionsOverTime = timeSeries('Active sessions over time', {
  about: {
    shows: 'Sessions in the database that have not expired, over time.',
    normal: 'steps up when people log in, steps down when sessions end.',
    act: 'growth without end means that sessions are made and not found again: a client that loses its cookie.',
  },
  unit: Short,
  min: 0,
  steps: true,
  width: 12,
  queries: [
    { promql: 'max(active_sessions{job="taskmanager-backend"})', legend: 'sessions', color: COLOR.traffic },
  ],
});
