/** What instrumentation makes besides metrics, and loses: spans, its own errors, the console’s store. */
import { BytesIEC, CountsPerSecond, RecordsPerSecond, Seconds } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { runbook } from '../build/links.ts';
import { perSecond } from '../build/promql.ts';
import { timeSeries } from '../build/time-series.ts';
import { liteOnly } from '../build/until.ts';

export const spans = timeSeries('Spans', {
  shows:
    'Spans that the console stored (lite), and (below the axis) those that services lost on the way to their store.',
  normal: 'nothing below the axis.',
  act: 'SpansDropped: the tracing backend is down, slow, or its address is wrong.',
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
  shows: 'Errors that instrumentation caught before the application could notice.',
  normal: 'zero.',
  act: 'a bug of ours: the log line "telemetry" of that service says where.',
  unit: CountsPerSecond,
  softMax: 1,
  queries: [
    {
      promql: `${perSecond('telemetry_errors_total', 'job')} or 0 * sum by (job) (service_info)`,
      legend: '{{job}}',
    },
  ],
});

export const store = timeSeries('The console’s store', {
  shows: 'Disk that the store of log records and spans takes, and how far it is behind (right). Lite only.',
  normal: 'grows to its limit, then stays; a second or two behind.',
  act: 'ConsoleStoreStalled: the console does not follow the log files any more.',
  unit: BytesIEC,
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
