/** The lab itself: every part, its memory, scrapes, Prometheus' storage, rules, Alertmanager, tracing, the console's store. */
import {
  BytesIEC,
  CountsPerSecond,
  PercentUnit,
  RecordsPerSecond,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';
import { readScrape } from '@lab/prometheus';
import { COLOR } from '../build/colors.ts';
import { consolePage, runbook, shortRunbook } from '../build/links.ts';
import { mean, perSecond } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { stateTimeline, UP_OR_DOWN } from '../build/state-timeline.ts';
import { table } from '../build/table.ts';
import { alertThreshold, always, worseAbove, worseBelow } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { fullOnly, liteOnly } from '../build/until.ts';

const scrape = readScrape();
/**
 * Lite has 4,000 under load (docs/sizing.md), full mode with Grafana, Jaeger and cAdvisor a few times as many: so many more come of a label
 * that takes any value.
 */
const MANY_SERIES = 50_000;
const silent = alertThreshold('DeadMansSwitchSilent');

export const partsUp = stat('Parts up', {
  about: {
    shows: 'Parts that Prometheus can read, of all it should.',
    normal: '100 %.',
    act: 'the table below names the missing one.',
  },
  unit: PercentUnit,
  decimals: 0,
  plain: true,
  steps: worseBelow({ warn: 1, bad: 1 }),
  queries: [{ promql: 'avg(up)', legend: 'up' }],
});

export const memoryOfLab = stat('Memory', {
  about: {
    shows: 'Resident memory of all parts that report it, added up.',
    normal: 'full mode fits into 4 GB, lite into one.',
    act: 'the curve below shows which part grows.',
  },
  unit: BytesIEC,
  steps: always(COLOR.neutral),
  queries: [{ promql: 'sum(process_resident_memory_bytes)', legend: 'memory' }],
});

export const series = stat('Series', {
  about: {
    shows: 'Time series that Prometheus holds in memory.',
    normal: 'level: every label comes from a fixed set.',
    act: 'growth means a label that takes any value; see the series by part.',
  },
  unit: Short,
  steps: worseAbove({ warn: MANY_SERIES }),
  queries: [{ promql: 'prometheus_tsdb_head_series{job="prometheus"}', legend: 'series' }],
});

export const samples = stat('Samples', {
  about: {
    shows: 'Measurements that Prometheus takes in, a second.',
    normal: `series divided by the scrape interval of ${scrape.intervalSeconds} seconds.`,
    act: 'a fall means failing scrapes.',
  },
  unit: CountsPerSecond,
  steps: always(COLOR.traffic),
  queries: [
    { promql: perSecond('prometheus_tsdb_head_samples_appended_total{job="prometheus"}'), legend: 'samples' },
  ],
});

export const watchdog = stat('Watchdog', {
  about: {
    shows: 'How long ago the always-firing alert reached the console.',
    normal: 'below two minutes.',
    act: 'red is where DeadMansSwitchSilent fires: alerts do not arrive, so silence means nothing.',
  },
  unit: Seconds,
  decimals: 0,
  steps: worseAbove({ warn: silent / 1.5, bad: silent }),
  links: [shortRunbook('DeadMansSwitchSilent')],
  queries: [{ promql: 'time() - max(deadmansswitch_last_seen_timestamp_seconds)', legend: 'ago' }],
});

export const ruleFailures = stat('Rules failing', {
  about: {
    shows: 'Rule evaluations that failed or were left out within the time shown.',
    normal: 'zero.',
    act: 'an alert that is not evaluated cannot fire: see the rule group in Prometheus.',
  },
  unit: Short,
  decimals: 0,
  plain: true,
  steps: worseAbove({ bad: 1 }),
  links: [shortRunbook('PrometheusRuleFailures')],
  queries: [
    {
      promql:
        'sum(increase(prometheus_rule_evaluation_failures_total[$__range])) + sum(increase(prometheus_rule_group_iterations_missed_total[$__range]))',
      legend: 'failed',
    },
  ],
});

export const parts = stateTimeline('Parts', {
  about: {
    shows: 'Whether Prometheus can read each part.',
    normal: 'green throughout.',
    act: 'red: the part is gone, hung or cut off; its runbook is <Part>Down.',
  },
  states: UP_OR_DOWN,
  height: 9,
  queries: [{ promql: 'min by (job) (up{job!="blackbox"})', legend: '{{job}}' }],
});

export const probes = stateTimeline('Probes', {
  about: {
    shows: 'What the blackbox exporter can reach, as a user or a neighbour would.',
    normal: 'green throughout.',
    act: 'ProbeFailing tells how to see what the probe saw.',
  },
  states: UP_OR_DOWN,
  height: 9,
  links: [runbook('ProbeFailing')],
  queries: [{ promql: 'min by (target_name) (probe_success{job="blackbox"})', legend: '{{target_name}}' }],
});

export const memory = timeSeries('Memory by part', {
  about: {
    shows: 'Resident memory of each part that reports it.',
    normal: 'Prometheus grows with its series, then levels off; the others hardly move.',
    act: 'MemoryGrowth watches the services; for the tools compare with their limits in compose.yaml.',
  },
  unit: BytesIEC,
  stacked: true,
  queries: [{ promql: 'sum by (job) (process_resident_memory_bytes)', legend: '{{job}}' }],
});

export const cpu = timeSeries('CPU by part', {
  about: {
    shows: 'Processor time of each part; 100 % is one core.',
    normal: 'a few per cent each without load.',
    act: 'the lab itself should never be what slows the application down.',
  },
  unit: PercentUnit,
  stacked: true,
  queries: [
    { promql: 'sum by (job) (rate(process_cpu_seconds_total[$__rate_interval]))', legend: '{{job}}' },
  ],
});

export const scrapes = table('Scrapes', {
  about: {
    shows:
      'Each target: whether it answers, how long that takes, how many series it has and how many are new.',
    normal: `all up, well below the scrape’s time-out of ${scrape.timeoutSeconds} seconds.`,
    act: 'new series all the time: a label without bounds. Slow: the part is short of processor.',
  },
  height: 9,
  columns: [
    { title: 'Job', from: { label: 'job' } },
    { title: 'Target', from: { label: 'instance' } },
    { title: 'Up', from: { value: 0 }, decimals: 0, steps: worseBelow({ warn: 1, bad: 1 }), pixels: 60 },
    {
      title: 'Takes',
      from: { value: 1 },
      unit: Seconds,
      steps: worseAbove({ warn: scrape.timeoutSeconds / 4, bad: scrape.timeoutSeconds }),
      pixels: 90,
    },
    { title: 'Series', from: { value: 2 }, unit: Short, decimals: 0, pixels: 80 },
    { title: 'New', from: { value: 3 }, unit: Short, decimals: 0, pixels: 70 },
  ],
  sortBy: 'Series',
  queries: [
    { promql: 'up{job!="blackbox"}', legend: '' },
    { promql: 'scrape_duration_seconds{job!="blackbox"}', legend: '' },
    { promql: 'scrape_samples_post_metric_relabeling{job!="blackbox"}', legend: '' },
    { promql: 'sum_over_time(scrape_series_added{job!="blackbox"}[5m])', legend: '' },
  ],
});

export const probeDurations = timeSeries('Probe duration', {
  about: {
    shows: 'How long each look from outside took.',
    normal: 'milliseconds.',
    act: 'slow without failing yet: what it looks at is about to be.',
  },
  height: 9,
  unit: Seconds,
  min: 0,
  queries: [
    { promql: 'max by (target_name) (probe_duration_seconds{job="blackbox"})', legend: '{{target_name}}' },
  ],
});

export const seriesByPart = timeSeries('Series by part', {
  about: {
    shows: 'Series that each part exposes.',
    normal: 'level once every route has been asked for.',
    act: 'a ramp: find the label that grows with count by (label) (metric).',
  },
  unit: Short,
  stacked: true,
  queries: [{ promql: 'sum by (job) (scrape_samples_post_metric_relabeling)', legend: '{{job}}' }],
});

export const storage = timeSeries('Prometheus on disk', {
  about: {
    shows:
      'Blocks and write-ahead log on disk, and the size at which the oldest blocks are dropped (dashed).',
    normal: 'grows for weeks, then stays below the line. Retention: 31 days or that size.',
    act: 'near the line long before 31 days: fewer series, or a larger limit.',
  },
  unit: BytesIEC,
  min: 0,
  queries: [
    {
      promql: 'prometheus_tsdb_storage_blocks_bytes{job="prometheus"}',
      legend: 'blocks',
      color: COLOR.traffic,
    },
    {
      promql: 'prometheus_tsdb_retention_limit_bytes{job="prometheus"} > 0',
      legend: 'limit',
      color: COLOR.errors,
      dashed: true,
    },
  ],
});

export const retained = timeSeries('How far back', {
  about: {
    shows: 'Age of the oldest measurement that Prometheus still has.',
    normal: 'rises to 31 days and stays; make history fills a month at once.',
    act: 'a fall means that data was deleted.',
  },
  unit: Seconds,
  min: 0,
  queries: [
    {
      promql: 'time() - prometheus_tsdb_lowest_timestamp_seconds{job="prometheus"}',
      legend: 'oldest',
      color: COLOR.traffic,
    },
  ],
});

export const evaluation = timeSeries('Rule evaluation', {
  about: {
    shows: 'How long each group of rules took when it was last evaluated, and the interval it has (dashed).',
    normal: 'milliseconds; budgets over 30 days take longest.',
    act: 'above the line evaluations are left out, and PrometheusRulesLate fires.',
  },
  unit: Seconds,
  min: 0,
  links: [runbook('PrometheusRulesLate')],
  queries: [
    {
      promql:
        'label_replace(prometheus_rule_group_last_duration_seconds, "group", "$1", "rule_group", ".*;(.*)")',
      legend: '{{group}}',
    },
    {
      promql: 'min(prometheus_rule_group_interval_seconds)',
      legend: 'shortest interval',
      color: COLOR.errors,
      dashed: true,
    },
  ],
});

export const queries = timeSeries('Queries to Prometheus', {
  about: {
    shows: 'How long queries took inside Prometheus (p90), by phase.',
    normal: 'milliseconds; dashboards over 30 days take longer.',
    act: 'a long queue: too many dashboards open at once.',
  },
  unit: Seconds,
  min: 0,
  queries: [
    {
      promql:
        'max by (slice) (prometheus_engine_query_duration_seconds{job="prometheus",quantile="0.9"}) >= 0',
      legend: '{{slice}}',
    },
  ],
});

export const notifications = timeSeries('Notifications', {
  about: {
    shows:
      'Alerts that Prometheus sent and messages that Alertmanager delivered, and (below the axis) those that failed.',
    normal: 'nothing below the axis. The watchdog alone keeps both above zero.',
    act: 'below the axis: PrometheusNotificationsFailing or AlertmanagerNotificationsFailing.',
  },
  unit: CountsPerSecond,
  links: [runbook('AlertmanagerNotificationsFailing')],
  queries: [
    { promql: perSecond('prometheus_notifications_sent_total'), legend: 'sent', color: COLOR.traffic },
    { promql: perSecond('alertmanager_notifications_total'), legend: 'delivered', color: COLOR.good },
    {
      promql: `${perSecond('prometheus_notifications_errors_total')} + ${perSecond('alertmanager_notifications_failed_total')}`,
      legend: 'failed',
      color: COLOR.errors,
      mirrored: true,
    },
  ],
});

export const delivery = timeSeries('Delivery', {
  about: {
    shows: 'How long Alertmanager took to deliver on average, and alerts and silences that it holds (right).',
    normal: 'milliseconds.',
    act: 'slow or failing: the receiver. Silences that nobody remembers: end them in the console.',
  },
  unit: Seconds,
  min: 0,
  links: [consolePage('Silences', '/alerts')],
  queries: [
    {
      // Its buckets begin at a second: a quantile of them would be made up.
      promql: mean('alertmanager_notification_latency_seconds', '').replaceAll('$__rate_interval', '5m'),
      legend: 'mean',
      color: COLOR.p90,
    },
    {
      promql: 'sum(alertmanager_alerts{state="active"})',
      legend: 'alerts',
      color: COLOR.refused,
      rightUnit: Short,
    },
    {
      promql: 'sum(alertmanager_silences{state="active"})',
      legend: 'silences',
      color: COLOR.reference,
      rightUnit: Short,
    },
  ],
});

export const configuration = stateTimeline('Configuration', {
  about: {
    shows: 'Whether the last reload of each tool’s configuration was taken.',
    normal: 'green.',
    act: 'red: the older configuration stays in force; make reload names the line that is wrong.',
  },
  states: UP_OR_DOWN,
  height: 5,
  links: [runbook('PrometheusConfigReloadFailed')],
  queries: [
    { promql: 'min(prometheus_config_last_reload_successful{job="prometheus"})', legend: 'Prometheus' },
    { promql: 'min(alertmanager_config_last_reload_successful)', legend: 'Alertmanager' },
  ],
});

export const exemplars = timeSeries('Exemplars', {
  about: {
    shows: 'Requests with a trace id that Prometheus keeps beside the curves, and how many it can (dashed).',
    normal: 'rises to the limit; the oldest make room.',
    act: 'zero under load: traces are off, or Prometheus runs without exemplar storage.',
  },
  height: 5,
  unit: Short,
  min: 0,
  queries: [
    {
      promql: 'prometheus_tsdb_exemplar_exemplars_in_storage{job="prometheus"}',
      legend: 'kept',
      color: COLOR.traffic,
    },
    {
      promql: 'prometheus_tsdb_exemplar_max_exemplars{job="prometheus"}',
      legend: 'at most',
      color: COLOR.reference,
      dashed: true,
    },
  ],
});

export const spans = timeSeries('Spans', {
  about: {
    shows:
      'Spans that the console stored (lite), and (below the axis) those that services lost on the way to it or to Jaeger.',
    normal: 'nothing below the axis.',
    act: 'SpansDropped: the tracing backend is down, slow, or its address is wrong.',
  },
  unit: RecordsPerSecond,
  links: [runbook('SpansDropped')],
  queries: [
    {
      promql: perSecond('console_store_written_total{signal="spans"}'),
      legend: 'stored',
      color: COLOR.traffic,
      until: liteOnly,
    },
    {
      promql: perSecond('telemetry_spans_dropped_total', 'job'),
      legend: '{{job}} lost',
      color: COLOR.errors,
      mirrored: true,
    },
  ],
});

export const instrumentation = timeSeries('Errors inside the instrumentation', {
  about: {
    shows: 'Errors that instrumentation caught before the application could notice.',
    normal: 'zero.',
    act: 'a bug of ours: the log line "telemetry" of that service says where.',
  },
  unit: CountsPerSecond,
  min: 0,
  softMax: 1,
  queries: [
    {
      promql: `${perSecond('telemetry_errors_total', 'job')} or 0 * sum by (job) (service_info)`,
      legend: '{{job}}',
    },
  ],
});

export const store = timeSeries('The console’s store', {
  about: {
    shows: 'Disk that the store of log records and spans takes, and how far it is behind (right). Lite only.',
    normal: 'grows to its limit, then stays; a second or two behind.',
    act: 'ConsoleStoreStalled: the console does not follow the log files any more.',
  },
  unit: BytesIEC,
  min: 0,
  links: [runbook('ConsoleStoreStalled')],
  queries: [
    { promql: 'console_store_size_bytes', legend: 'on disk', color: COLOR.traffic, until: liteOnly },
    {
      promql: 'console_store_lag_seconds',
      legend: '{{signal}} behind',
      rightUnit: Seconds,
      until: liteOnly,
    },
  ],
});

export const exporter = timeSeries('postgres-exporter', {
  about: {
    shows: 'How long the exporter’s last look at the database took.',
    normal: 'below half a second.',
    act: 'slow: the database is; PostgresExporterDown if it does not answer at all.',
  },
  unit: Seconds,
  min: 0,
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
  about: {
    shows: 'Memory that each container works with, as cAdvisor sees it (full mode, profile host).',
    normal: 'below its limit in compose.yaml.',
    act: 'at its limit a container is ended by the kernel and starts anew: RestartLoop.',
  },
  unit: BytesIEC,
  queries: [
    {
      promql: 'sum by (name) (container_memory_working_set_bytes{name!=""})',
      legend: '{{name}}',
      until: fullOnly,
    },
  ],
});

export const machine = timeSeries('Machine', {
  about: {
    shows:
      'Share of the machine’s processors and memory in use, as node-exporter sees it (full mode, profile host).',
    normal: 'room left for what else the machine does.',
    act: 'a full machine makes every measurement of the lab unreliable.',
  },
  unit: PercentUnit,
  min: 0,
  max: 1,
  queries: [
    {
      promql: '1 - avg(rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
      legend: 'processors',
      until: fullOnly,
    },
    {
      promql: '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes',
      legend: 'memory',
      until: fullOnly,
    },
  ],
});
