/** The parts of the lab: up or not, as seen from inside and outside, what they use, and the machine they share. */
import { BytesIEC, PercentUnit, Seconds } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { runbook } from '../build/links.ts';
import { stat } from '../build/stat.ts';
import { stateTimeline, UP_OR_DOWN } from '../build/state-timeline.ts';
import { always, worseBelow } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { fullOnly } from '../build/until.ts';

export const partsUp = stat('Parts up', {
  shows: 'Parts that Prometheus can read, of all it should.',
  normal: '100 %.',
  act: 'the table below names the missing one.',
  unit: PercentUnit,
  decimals: 0,
  plain: true,
  steps: worseBelow({ warn: 1, bad: 1 }),
  queries: [{ promql: 'avg(up)', legend: 'up' }],
});

export const memoryOfLab = stat('Memory', {
  shows: 'Resident memory of all parts that report it, added up.',
  normal: 'full mode fits into 4 GB, lite into one.',
  act: 'the curve below shows which part grows.',
  unit: BytesIEC,
  steps: always(COLOR.neutral),
  queries: [{ promql: 'sum(process_resident_memory_bytes)', legend: 'memory' }],
});

export const parts = stateTimeline('Parts', {
  shows: 'Whether Prometheus can read each part.',
  normal: 'green throughout.',
  act: 'red: the part is gone, hung or cut off; its runbook is <Part>Down.',
  states: UP_OR_DOWN,
  height: 9,
  queries: [{ promql: 'min by (job) (up{job!="blackbox"})', legend: '{{job}}' }],
});

export const probes = stateTimeline('Probes', {
  shows: 'What the blackbox exporter can reach, as a user or a neighbour would.',
  normal: 'green throughout.',
  act: 'ProbeFailing tells how to see what the probe saw.',
  states: UP_OR_DOWN,
  height: 9,
  links: [runbook('ProbeFailing')],
  queries: [{ promql: 'min by (target_name) (probe_success{job="blackbox"})', legend: '{{target_name}}' }],
});

export const memory = timeSeries('Memory by part', {
  shows: 'Resident memory of each part that reports it.',
  normal: 'Prometheus grows with its series, then levels off; the others hardly move.',
  act: 'MemoryGrowth watches the services; for the tools compare with their limits in compose.yaml.',
  unit: BytesIEC,
  stacked: true,
  queries: [{ promql: 'sum by (job) (process_resident_memory_bytes)', legend: '{{job}}' }],
});

export const cpu = timeSeries('CPU by part', {
  shows: 'Processor time of each part; 100 % is one core.',
  normal: 'a few per cent each without load.',
  act: 'the lab itself should never be what slows the application down.',
  unit: PercentUnit,
  stacked: true,
  queries: [
    { promql: 'sum by (job) (rate(process_cpu_seconds_total[$__rate_interval]))', legend: '{{job}}' },
  ],
});

export const probeDurations = timeSeries('Probe duration', {
  shows: 'How long each look from outside took.',
  normal: 'milliseconds.',
  act: 'slow without failing yet: what it looks at is about to be.',
  height: 9,
  unit: Seconds,
  queries: [
    { promql: 'max by (target_name) (probe_duration_seconds{job="blackbox"})', legend: '{{target_name}}' },
  ],
});

export const exporter = timeSeries('postgres-exporter', {
  shows: 'How long the exporter’s last look at the database took.',
  normal: 'below half a second.',
  act: 'slow: the database is; PostgresExporterDown if it does not answer at all.',
  unit: Seconds,
  links: [runbook('PostgresExporterDown')],
  queries: [
    {
      promql: 'max(pg_exporter_last_scrape_duration_seconds)',
      legend: 'last look',
      color: COLOR.p90,
    },
  ],
});

export const containers = timeSeries('Containers’ memory', {
  shows: 'Memory that each container works with, as cAdvisor sees it (full mode, profile host).',
  normal: 'below its limit in compose.yaml.',
  act: 'at its limit a container is ended by the kernel and starts anew: RestartLoop.',
  unit: BytesIEC,
  openBelow: true,
  queries: [
    {
      promql: 'sum by (name) (container_memory_working_set_bytes{name!=""})',
      legend: '{{name}}',
      until: fullOnly,
    },
  ],
});

export const machine = timeSeries('Machine', {
  shows:
    'Share of the machine’s processors and memory in use, as node-exporter sees it (full mode, profile host).',
  normal: 'room left for what else the machine does.',
  act: 'a full machine makes every measurement of the lab unreliable.',
  unit: PercentUnit,
  max: 1,
  queries: [
    {
      promql: '1 - avg(rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
      legend: 'processors',
      until: fullOnly,
    },
    {
      promql: '1 - sum(node_memory_MemAvailable_bytes) / sum(node_memory_MemTotal_bytes)',
      legend: 'memory',
      until: fullOnly,
    },
  ],
});
