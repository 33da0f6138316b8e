/** The Node.js processes: processor, event loop, what keeps them alive, restarts. Their memory: memory.ts. */
import { PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { logs, runbook } from '../build/links.ts';
import { table } from '../build/table.ts';
import { alertThreshold, inPercent, patience, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

export const PROCESSES = 'job=~"taskmanager-.+|lab-console"';
/** Those of the dashboard's variable. */
export const CHOSEN = 'job=~"$job"';
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
    ...ABOUT_CPU,
    width,
    unit: PercentUnit,
    softMax: cpu,
    limits: worseAbove({ bad: cpu }),
    links: [runbook('CpuSaturated')],
    queries: [
      { promql: `rate(process_cpu_seconds_total{${selector}}[$__rate_interval])`, legend: '{{instance}}' },
    ],
  });

export const lagOf = (selector: string, width = 12) =>
  timeSeries('Event loop delay, p99', {
    shows: 'How much too late the event loop came to its work, within the last five to ten seconds.',
    normal: 'ten to thirty milliseconds; hashing passwords does not block it.',
    act: `EventLoopLag fires above the line for ${patience('EventLoopLag')}: something computes too long at a time, and nobody is served meanwhile.`,
    width,
    unit: Seconds,
    limits: worseAbove({ bad: lag }),
    links: [runbook('EventLoopLag')],
    queries: [{ promql: `nodejs_eventloop_lag_p99_seconds{${selector}}`, legend: '{{instance}}' }],
  });

export const cpuChosen = cpuOf(CHOSEN);
export const lagChosen = lagOf(CHOSEN);
export const cpuOfServices = cpuOf(PROCESSES, 8);
export const lagOfServices = lagOf(PROCESSES, 8);

export const processes = table('Processes', {
  shows:
    'Each process now: processor, memory against its limit, event loop, restarts within fifteen minutes.',
  normal: 'nothing coloured but green.',
  act: 'choose the process above and look at its curves.',
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
    `rate(process_cpu_seconds_total{${PROCESSES}}[$__rate_interval])`,
    `process_resident_memory_bytes{${PROCESSES}} / on (job) group_left () lab:memory_limit:bytes`,
    `nodejs_eventloop_lag_p99_seconds{${PROCESSES}}`,
    `changes(process_start_time_seconds{${PROCESSES}}[15m])`,
    `time() - process_start_time_seconds{${PROCESSES}}`,
  ],
});

export const loopSpread = timeSeries('Event loop delay', {
  shows: 'The event loop’s delay: usual (p50, p90), rare (p99) and worst.',
  normal: 'all close together. The worst is a single moment.',
  act: 'a worst far above the rest is one long computation: the trace of that second shows which request.',
  unit: Seconds,
  limits: worseAbove({ bad: lag }),
  queries: [
    { promql: `max(nodejs_eventloop_lag_max_seconds{${CHOSEN}})`, legend: 'worst', color: COLOR.reference },
    { promql: `max(nodejs_eventloop_lag_p99_seconds{${CHOSEN}})`, legend: 'p99', color: COLOR.p99 },
    { promql: `max(nodejs_eventloop_lag_p90_seconds{${CHOSEN}})`, legend: 'p90', color: COLOR.p90 },
    { promql: `max(nodejs_eventloop_lag_p50_seconds{${CHOSEN}})`, legend: 'p50', color: COLOR.p50 },
  ],
});

export const handles = timeSeries('Handles and requests', {
  shows: 'Open sockets, files and timers, and what waits for the operating system.',
  normal: 'goes up and down with traffic.',
  act: 'handles that only grow are connections or timers that nobody closes.',
  queries: [
    { promql: `nodejs_active_handles_total{${CHOSEN}}`, legend: '{{instance}} handles' },
    { promql: `nodejs_active_requests_total{${CHOSEN}}`, legend: '{{instance}} requests', dashed: true },
  ],
});

export const resources = timeSeries('What keeps the process alive', {
  shows: 'Node.js’ own list of active resources, by type.',
  normal: 'sockets in step with traffic, a handful of everything else.',
  act: 'the type that grows says what leaks.',
  stacked: true,
  queries: [{ promql: `sum by (type) (nodejs_active_resources{${CHOSEN}})`, legend: '{{type}}' }],
});

export const files = timeSeries('Open files', {
  shows: 'File descriptors in use, sockets included, as a share of those allowed.',
  normal: 'a few per cent at most.',
  act: 'near 100 % every new connection fails: look for what leaks, or raise the limit.',
  unit: PercentUnit,
  queries: [{ promql: `process_open_fds{${CHOSEN}} / process_max_fds{${CHOSEN}}`, legend: '{{instance}}' }],
});

export const startsOf = timeSeries('Restarts', {
  shows: 'How often each process began anew within fifteen minutes.',
  normal: 'zero.',
  act: `RestartLoop fires above ${alertThreshold('RestartLoop')}: the last log lines before each start say why.`,
  decimals: 0,
  softMax: restarts,
  steps: true,
  limits: worseAbove({ bad: restarts }),
  links: [runbook('RestartLoop'), logs('Errors', 'log.level:error')],
  queries: [{ promql: `changes(process_start_time_seconds{${CHOSEN}}[15m])`, legend: '{{instance}}' }],
});

export const versions = table('What runs', {
  shows: 'Service, version and Node.js of each process.',
  normal: 'one version each.',
  act: 'two versions of one service are a deployment under way, or one that stopped half-way.',
  columns: [
    { title: 'Job', from: { label: 'job' } },
    { title: 'Where', from: { label: 'instance' } },
    { title: 'Service', from: { label: 'service' } },
    { title: 'Version', from: { label: 'version' } },
    { title: 'Environment', from: { label: 'environment' } },
    { title: 'Node.js', from: { label: 'node' } },
  ],
  queries: [
    'service_info * on (job, instance) group_left (node) label_replace(nodejs_version_info, "node", "$1", "version", "(.*)")',
  ],
});
