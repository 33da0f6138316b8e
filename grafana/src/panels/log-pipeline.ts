/** The way of a log record from the service to the search: what is behind, not whole, refused or lost. */
import { BytesIEC, PercentUnit, RecordsPerSecond, Seconds } from '@grafana/grafana-foundation-sdk/units';
import { readScrape } from '@lab/prometheus';
import { COLOR } from '../build/colors.ts';
import { runbook, shortRunbook } from '../build/links.ts';
import { perSecond, share, total } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { stateTimeline, UP_OR_DOWN } from '../build/state-timeline.ts';
import { always, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { fullOnly, liteOnly } from '../build/until.ts';

/**
 * No rule goes by it (ConsoleStoreStalled: by what is stored). Within one scrape a search shows what the graphs show; half a minute is felt
 * by whoever looks for the line of what was just done.
 */
const lagSteps = worseAbove({ warn: readScrape().intervalSeconds, bad: 30 });

export const lost = stat('Lost', {
  shows: 'Records that an output did not take in time, within the time shown, and so exist nowhere.',
  normal: 'zero, always.',
  act: 'a full disk, or a reader of stdout that hangs: LogRecordsDropped tells which output.',
  decimals: 0,
  plain: true,
  steps: worseAbove({ bad: 1 }),
  links: [shortRunbook('LogRecordsDropped')],
  queries: [{ promql: `${total('telemetry_log_records_dropped_total')} or vector(0)`, legend: 'lost' }],
});

export const behind = stat('Behind', {
  shows: 'How old the newest record was when it was stored (lite: the console’s store).',
  normal: 'a second or two.',
  act: 'growing: the store does not keep up, and searches miss the newest lines.',
  unit: Seconds,
  decimals: 1,
  steps: lagSteps,
  queries: [{ promql: 'max(console_store_lag_seconds{signal="logs"})', legend: 'behind', until: liteOnly }],
});

export const kept = stat('Kept', {
  shows:
    'Disk that holds records and spans (lite: the console’s store; full: Fluentd’s buffer on its way to Elasticsearch).',
  normal: 'level once the store’s limit is reached: the oldest go first.',
  act: 'the limit is in the console’s settings; Elasticsearch keeps eight days.',
  unit: BytesIEC,
  steps: always(COLOR.neutral),
  queries: [
    {
      promql: 'sum(console_store_size_bytes) or sum(fluentd_output_status_buffer_total_bytes)',
      legend: 'on disk',
    },
  ],
});

export const pipeline = timeSeries('Made and stored', {
  shows:
    'Records that services made and that were stored, a second: by the console in lite, by Fluentd on their way to Elasticsearch in full.',
  normal: 'both lines on top of each other, give or take a second.',
  act: 'made without stored for two minutes fires ConsoleStoreStalled or LogPipelineStalled.',
  unit: RecordsPerSecond,
  links: [runbook('ConsoleStoreStalled'), runbook('LogPipelineStalled')],
  queries: [
    {
      promql: perSecond('log_records_total{job=~"taskmanager-.+|lab-console"}'),
      legend: 'made',
      color: COLOR.traffic,
    },
    {
      promql: perSecond('console_store_written_total{signal="logs"}'),
      legend: 'stored by the console',
      color: COLOR.good,
      dashed: true,
      until: liteOnly,
    },
    {
      promql: perSecond('fluentd_output_status_emit_records{plugin_id="elasticsearch"}'),
      legend: 'taken by Fluentd',
      color: COLOR.good,
      dashed: true,
      until: fullOnly,
    },
  ],
});

export const defects = timeSeries('Not whole, refused, dropped', {
  shows:
    'Lines that were no whole records, records that the store refused or let go, and those lost before they were written.',
  normal: 'zero; "let go" begins when the store reaches its limit.',
  act: 'not whole: a process was killed in the middle of a line, or something else writes into the file.',
  unit: RecordsPerSecond,
  softMax: 1,
  links: [runbook('ConsoleLogDefects'), runbook('ConsoleStoreRejecting')],
  queries: [
    {
      promql: perSecond('console_store_defects_total', 'defect'),
      legend: 'not whole: {{defect}}',
      until: liteOnly,
    },
    {
      promql: perSecond('console_store_rejected_total', 'signal'),
      legend: 'refused: {{signal}}',
      until: liteOnly,
    },
    {
      promql: perSecond('console_store_evicted_total', 'signal'),
      legend: 'let go: {{signal}}',
      until: liteOnly,
    },
    {
      // Has no series before the first: without the zero, none rejected would look like not known.
      promql: `${perSecond('fluentd_records_rejected_total')} or 0 * ${perSecond('fluentd_output_status_emit_records')}`,
      legend: 'rejected by Fluentd',
      until: fullOnly,
    },
    { promql: perSecond('telemetry_log_records_dropped_total', 'output'), legend: 'lost: {{output}}' },
  ],
});

export const delay = timeSeries('Delay until stored', {
  shows: 'Age of the newest record and span when the console stored it.',
  normal: 'a second or two: spans are exported in batches.',
  act: 'growing: the console is short of processor or disk.',
  unit: Seconds,
  queries: [{ promql: 'console_store_lag_seconds', legend: '{{signal}}', until: liteOnly }],
});

export const spans = timeSeries('Spans stored and lost', {
  shows: 'Spans that the console stored, and (below the axis) spans that services lost.',
  normal: 'nothing below the axis.',
  act: '"export_failed": the tracing backend is gone or slow; "queue_full": more spans than it takes.',
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
      promql: perSecond('telemetry_spans_dropped_total', 'reason'),
      legend: 'lost: {{reason}}',
      color: COLOR.errors,
      mirrored: true,
    },
  ],
});

export const lostShare = timeSeries('Share that was lost', {
  shows: 'Records lost, as a share of those made.',
  normal: 'zero.',
  act: 'see which output in the panel beside it.',
  unit: PercentUnit,
  softMax: 0.01,
  queries: [
    {
      promql: share(
        perSecond('telemetry_log_records_dropped_total', 'job'),
        perSecond('log_records_total', 'job'),
      ),
      legend: '{{job}}',
    },
  ],
});

export const fluentdBuffer = timeSeries('Fluentd’s buffer', {
  shows: 'Chunks and bytes that wait for Elasticsearch, and attempts that failed.',
  normal: 'a chunk or two, none failed.',
  act: 'LogBufferGrowing and LogOutputRetrying: Elasticsearch is slow, full or gone. Nothing is lost until the buffer is full.',
  links: [runbook('LogBufferGrowing'), runbook('LogOutputRetrying')],
  queries: [
    {
      promql: 'max(fluentd_output_status_buffer_queue_length{plugin_id="elasticsearch"})',
      legend: 'chunks',
      color: COLOR.saturation,
      until: fullOnly,
    },
    {
      promql: 'sum(increase(fluentd_output_status_retry_count{plugin_id="elasticsearch"}[5m]))',
      legend: 'failed attempts, 5m',
      color: COLOR.errors,
      until: fullOnly,
    },
    {
      promql: 'min(fluentd_output_status_buffer_available_space_ratio{plugin_id="elasticsearch"})',
      legend: 'space left, %',
      color: COLOR.reference,
      until: fullOnly,
    },
  ],
});

export const searchable = stateTimeline('Parts of the way', {
  shows:
    'Whether the parts that carry and keep log lines answer: the console in lite; Fluentd and Elasticsearch in full.',
  normal: 'green throughout.',
  act: 'nothing is lost while one is gone: files and buffer keep the lines, and they arrive later.',
  width: 24,
  height: 4,
  states: UP_OR_DOWN,
  links: [runbook('FluentdDown'), runbook('ElasticsearchDown')],
  queries: [
    { promql: 'min by (job) (up{job=~"lab-console|fluentd"})', legend: '{{job}}' },
    {
      promql: 'min by (target_name) (probe_success{job="blackbox",target_name=~"elasticsearch.*"})',
      legend: '{{target_name}}',
      until: fullOnly,
    },
  ],
});
