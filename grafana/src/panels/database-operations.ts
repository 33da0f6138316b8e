/** The database as the services feel it: their statements and their pools. */
import { OpsPerSecond, PercentUnit, Seconds } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { heatmap } from '../build/heatmap.ts';
import { logs, runbook, traces } from '../build/links.ts';
import { buckets, mean, perSecond, quantile, share } from '../build/promql.ts';
import { limit } from '../build/query.ts';
import { stat } from '../build/stat.ts';
import { table } from '../build/table.ts';
import { alertThreshold, patience, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

const OPERATIONS = 'database_operation_duration_seconds';
const API_BUCKETS = `${OPERATIONS}_bucket{job="taskmanager-backend"}`;
const slow = alertThreshold('HighDatabaseLatency');
const slowSteps = worseAbove({ warn: slow / 5, bad: slow });
const failing = alertThreshold('DatabaseErrors');

export const operationNow = stat('Operations, p90', {
  shows: 'Nine of ten statements of the API came back faster than this.',
  normal: `a few milliseconds. Red is where HighDatabaseLatency fires after ${patience('HighDatabaseLatency')}.`,
  act: 'look at the operations, locks and transactions on the Database dashboard.',
  unit: Seconds,
  steps: slowSteps,
  queries: [{ promql: quantile(0.9, API_BUCKETS), legend: 'p90' }],
});

export const operationDurations = timeSeries('Operation duration, p90', {
  shows:
    'Nine of ten statements of the API were faster than this, by kind; "connect" is the wait for a connection.',
  normal: 'milliseconds, far below the line of HighDatabaseLatency.',
  act: 'one kind up: a query or an index. All up: locks, disk or processor. Only "connect": the pool is too small or leaks.',
  unit: Seconds,
  limits: worseAbove({ bad: slow }),
  links: [runbook('HighDatabaseLatency'), traces('Traces', 'taskmanager-api')],
  queries: [{ promql: quantile(0.9, API_BUCKETS, 'operation'), legend: '{{operation}}' }],
});

export const operationDistribution = heatmap('Distribution of operations', {
  shows: 'How many statements of the API took how long. Dots lead to the trace of one.',
  normal: 'one dark band at a millisecond or two.',
  act: 'a band apart is a slow query or a lock that some wait for: open one of its dots.',
  unit: Seconds,
  queries: [{ promql: buckets(API_BUCKETS), legend: '{{le}}', exemplars: true }],
});

export const operationRate = timeSeries('Operations', {
  shows: 'Statements a second, by kind, of all services.',
  normal: 'in step with the request rate.',
  act: 'more statements for the same requests: a query in a loop came with the last change.',
  unit: OpsPerSecond,
  stacked: true,
  queries: [{ promql: perSecond(`${OPERATIONS}_count`, 'operation'), legend: '{{operation}}' }],
});

export const operationErrors = timeSeries('Operations that failed', {
  shows: 'Share of the statements of each service that failed, time-outs and refused connections included.',
  normal: 'zero.',
  act: 'the error’s own text is in the log line; a failing "connect" means the database is gone.',
  unit: PercentUnit,
  softMax: failing,
  limits: worseAbove({ bad: failing }),
  links: [runbook('DatabaseErrors'), logs('Errors', 'log.level:error')],
  queries: [
    {
      promql: share(
        perSecond(`${OPERATIONS}_count{success="false"}`, 'job'),
        perSecond(`${OPERATIONS}_count`, 'job'),
      ),
      legend: '{{job}}',
    },
  ],
});

export const meanOperation = timeSeries('Mean operation', {
  shows: 'What a statement takes on average, by service.',
  normal: 'about a millisecond, and the worker’s about the same as the API’s.',
  act: 'the mean moves late: when it has moved, most statements are slower, not a few.',
  unit: Seconds,
  queries: [{ promql: mean(OPERATIONS, '', 'job'), legend: '{{job}}' }],
});

export const pool = timeSeries('Connection pools', {
  shows: 'Connections that services use and callers that wait for one, with each pool’s limit dashed.',
  normal: 'a few in use, nobody waiting.',
  act: 'waiting for a minute on end fires ConnectionPoolExhausted: slow statements, or a connection that is not given back.',
  decimals: 0,
  links: [runbook('ConnectionPoolExhausted')],
  queries: [
    { promql: 'sum by (job) (db_pool_connections{state="active"})', legend: '{{job}} in use' },
    { promql: 'sum(db_pool_connections{state="waiting"})', legend: 'waiting', color: COLOR.errors },
    limit('max by (job) (db_pool_connections{state="max"})', '{{job}} limit', COLOR.reference),
  ],
});

export const operations = table('Operations now', {
  shows: 'Each service’s statements by kind: how many a second and how long.',
  normal: 'select leads in number; nothing above a tenth of a second.',
  act: 'sort by p99 and look for the statement in a trace of that service.',
  columns: [
    { title: 'Service', from: { label: 'job' } },
    { title: 'Operation', from: { label: 'operation' } },
    { title: 'Rate', from: { value: 0 }, unit: OpsPerSecond, decimals: 2, pixels: 120 },
    { title: 'p99', from: { value: 1 }, unit: Seconds, steps: slowSteps, pixels: 100 },
  ],
  sortBy: 'Rate',
  queries: [
    `${perSecond(`${OPERATIONS}_count`, 'job, operation')} > 0`,
    `${quantile(0.99, `${OPERATIONS}_bucket`, 'job, operation')} >= 0`,
  ],
});
