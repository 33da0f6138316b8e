/** Prometheus itself: what it scrapes, how much it holds and for how long, and whether its rules keep up. */
import { BytesIEC, CountsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { readScrape } from '@lab/prometheus';
import { COLOR } from '../build/colors.ts';
import { runbook, shortRunbook } from '../build/links.ts';
import { perSecond, seenByOne } from '../build/promql.ts';
import { limit } from '../build/query.ts';
import { stat } from '../build/stat.ts';
import { table } from '../build/table.ts';
import { always, worseAbove, worseBelow } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

const scrape = readScrape();

/**
 * Lite has 4,000 under load (docs/sizing.md), full mode with its tools and cAdvisor a few times as many: so many more come of a label
 * that takes any value.
 */
const MANY_SERIES = 50_000;

export const series = stat('Series', {
  shows: 'Time series that Prometheus holds in memory.',
  normal: 'level: every label comes from a fixed set.',
  act: 'growth means a label that takes any value; see the series by part.',
  steps: worseAbove({ warn: MANY_SERIES }),
  queries: [{ promql: 'max(prometheus_tsdb_head_series{job="prometheus"})', legend: 'series' }],
});

export const samples = stat('Samples', {
  shows: 'Measurements that Prometheus takes in, a second.',
  normal: `series divided by the scrape interval of ${scrape.intervalSeconds} seconds.`,
  act: 'a fall means failing scrapes.',
  unit: CountsPerSecond,
  steps: always(COLOR.traffic),
  queries: [
    { promql: perSecond('prometheus_tsdb_head_samples_appended_total{job="prometheus"}'), legend: 'samples' },
  ],
});

export const ruleFailures = stat('Rules failing', {
  shows: 'Rule evaluations that failed or were left out within the time shown.',
  normal: 'zero.',
  act: 'an alert that is not evaluated cannot fire: see the rule group in Prometheus.',
  decimals: 0,
  plain: true,
  steps: worseAbove({ bad: 1 }),
  links: [shortRunbook('PrometheusRuleFailures')],
  queries: [
    {
      promql: `${seenByOne('increase(prometheus_rule_evaluation_failures_total[$__range])')} + ${seenByOne('increase(prometheus_rule_group_iterations_missed_total[$__range])')}`,
      legend: 'failed',
    },
  ],
});

export const scrapes = table('Scrapes', {
  shows: 'Each target: whether it answers, how long that takes, how many series it has and how many are new.',
  normal: `all up, well below the scrape’s time-out of ${scrape.timeoutSeconds} seconds.`,
  act: 'new series all the time: a label without bounds. Slow: the part is short of processor.',
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
    'up{job!="blackbox"}',
    'scrape_duration_seconds{job!="blackbox"}',
    'scrape_samples_post_metric_relabeling{job!="blackbox"}',
    'sum_over_time(scrape_series_added{job!="blackbox"}[5m])',
  ],
});

export const seriesByPart = timeSeries('Series by part', {
  shows: 'Series that each part exposes.',
  normal: 'level once every route has been asked for.',
  act: 'a ramp: find the label that grows with count by (label) (metric).',
  stacked: true,
  queries: [{ promql: 'sum by (job) (scrape_samples_post_metric_relabeling)', legend: '{{job}}' }],
});

export const storage = timeSeries('Prometheus on disk', {
  shows: 'Blocks and write-ahead log on disk, and the size at which the oldest blocks are dropped (dashed).',
  normal: 'grows for weeks, then stays below the line. Retention: 31 days or that size.',
  act: 'near the line long before 31 days: fewer series, or a larger limit.',
  unit: BytesIEC,
  queries: [
    {
      promql: 'max(prometheus_tsdb_storage_blocks_bytes{job="prometheus"})',
      legend: 'blocks',
      color: COLOR.traffic,
    },
    limit('max(prometheus_tsdb_retention_limit_bytes{job="prometheus"}) > 0', 'limit'),
  ],
});

export const retained = timeSeries('How far back', {
  shows: 'Age of the oldest measurement that Prometheus still has.',
  normal: 'rises to 31 days and stays; make history fills a month at once.',
  act: 'a fall means that data was deleted.',
  unit: Seconds,
  queries: [
    {
      promql: 'time() - min(prometheus_tsdb_lowest_timestamp_seconds{job="prometheus"})',
      legend: 'oldest',
      color: COLOR.traffic,
    },
  ],
});

export const evaluation = timeSeries('Rule evaluation', {
  shows: 'How long each group of rules took when it was last evaluated, and the interval it has (dashed).',
  normal: 'milliseconds; budgets over 30 days take longest.',
  act: 'above the line evaluations are left out, and PrometheusRulesLate fires.',
  unit: Seconds,
  links: [runbook('PrometheusRulesLate')],
  queries: [
    {
      promql:
        'label_replace(max by (rule_group) (prometheus_rule_group_last_duration_seconds), "group", "$1", "rule_group", ".*;(.*)")',
      legend: '{{group}}',
    },
    limit('min(prometheus_rule_group_interval_seconds)', 'shortest interval'),
  ],
});

export const queries = timeSeries('Queries to Prometheus', {
  shows: 'How long queries took inside Prometheus (p90), by phase.',
  normal: 'milliseconds; dashboards over 30 days take longer.',
  act: 'a long queue: too many dashboards open at once.',
  unit: Seconds,
  queries: [
    {
      promql:
        'max by (slice) (prometheus_engine_query_duration_seconds{job="prometheus",quantile="0.9"}) >= 0',
      legend: '{{slice}}',
    },
  ],
});

export const exemplars = timeSeries('Exemplars', {
  shows: 'Requests with a trace id that Prometheus keeps beside the curves, and how many it can (dashed).',
  normal: 'rises to the limit; the oldest make room.',
  act: 'zero under load: traces are off, or Prometheus runs without exemplar storage.',
  height: 5,
  queries: [
    {
      promql: 'max(prometheus_tsdb_exemplar_exemplars_in_storage{job="prometheus"})',
      legend: 'kept',
      color: COLOR.traffic,
    },
    limit('max(prometheus_tsdb_exemplar_max_exemplars{job="prometheus"})', 'at most', COLOR.reference),
  ],
});
