/** Jobs: what waits, what is done, what fails. The queue lives in Postgres; the worker takes from it. */
import {
  LocaleFormat,
  OpsPerSecond,
  PercentUnit,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { heatmap } from '../build/heatmap.ts';
import { logs, runbook, shortRunbook, traces } from '../build/links.ts';
import { buckets, perSecond, share } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { stateTimeline, UP_OR_DOWN } from '../build/state-timeline.ts';
import { table } from '../build/table.ts';
import { alertThreshold, always, inPercent, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

const JOBS = 'worker_jobs_total{queue=~"$queue"}';
const outcome = (name: string) => `worker_jobs_total{queue=~"$queue",outcome="${name}"}`;
/** Jobs come in bursts: a minute is too short to judge them by. */
const over5m = (promql: string) => promql.replaceAll('$__rate_interval', '5m');
const backlog = alertThreshold('WorkerBacklog');
/** About what a worker does in a second or two: two at once (WORKER_CONCURRENCY), tens of milliseconds each. WorkerBacklog goes by age. */
const manySteps = worseAbove({ warn: 50 });
const failing = alertThreshold('JobsFailing');

export const done = stat('Jobs', {
  shows: 'Jobs that were handled, a second, over five minutes.',
  normal: 'in step with tasks that are completed, assigned or fall due.',
  act: 'zero while jobs wait: the worker is down or hangs.',
  unit: OpsPerSecond,
  decimals: 2,
  steps: always(COLOR.traffic),
  queries: [{ promql: over5m(perSecond(JOBS)), legend: 'jobs' }],
});

export const waiting = stat('Waiting', {
  shows: 'Jobs that are due and not yet begun.',
  normal: 'a handful, gone a moment later.',
  act: 'growing: more arrives than one worker does, or it does nothing. The age beside it says which.',
  decimals: 0,
  steps: manySteps,
  queries: [{ promql: 'sum(max by (queue) (worker_queue_depth{queue!="dead-letter"}))', legend: 'due' }],
});

export const oldest = stat('Oldest waits', {
  shows: 'Age of the oldest job that is due and not yet begun.',
  normal: 'below a few seconds. Red is where WorkerBacklog fires.',
  act: 'is the worker up? Does it fail and try again? Follow the runbook.',
  unit: Seconds,
  decimals: 0,
  steps: worseAbove({ warn: backlog / 10, bad: backlog }),
  links: [shortRunbook('WorkerBacklog')],
  queries: [{ promql: 'max(worker_queue_oldest_seconds{queue!="dead-letter"})', legend: 'oldest' }],
});

export const failedShare = stat('Failing', {
  shows: 'Share of attempts that failed, over five minutes.',
  normal: 'zero; single failures are tried again and do no harm.',
  act: `JobsFailing fires above ${inPercent(failing)}: one cause hits many.`,
  unit: PercentUnit,
  decimals: 1,
  steps: worseAbove({ warn: failing / 10, bad: failing }),
  queries: [{ promql: over5m(share(perSecond(outcome('failed')), perSecond(JOBS))), legend: 'failed' }],
});

export const givenUp = stat('Given up', {
  shows: 'Jobs in the dead-letter queue: their retries are used up.',
  normal: 'zero.',
  act: 'somebody’s reminder will not come unless a person acts: JobsDeadLettered tells how.',
  decimals: 0,
  plain: true,
  steps: worseAbove({ bad: 1 }),
  links: [shortRunbook('JobsDeadLettered')],
  queries: [{ promql: 'max(worker_queue_depth{queue="dead-letter"}) or vector(0)', legend: 'given up' }],
});

export const duplicates = stat('Twice', {
  shows: 'Jobs that came a second time within the time shown and had no second effect.',
  normal: 'zero, or a few after a worker was killed in the middle of its work.',
  act: 'a steady stream means that jobs take longer than the queue waits before it hands them out anew.',
  decimals: 0,
  plain: true,
  steps: worseAbove({ warn: 1 }),
  queries: [
    {
      promql: `sum(increase(${outcome('duplicate')}[$__range])) or vector(0)`,
      legend: 'duplicates',
    },
  ],
});

export const outcomes = timeSeries('Jobs by outcome', {
  shows: 'Jobs a second by what came of them.',
  normal: 'all completed.',
  act: 'failed: read the error lines of the worker. Duplicate: a worker was ended in the middle of its work.',
  unit: OpsPerSecond,
  links: [logs('Log lines', 'service.name:taskmanager-worker'), traces('Traces', 'taskmanager-worker')],
  openBelow: true,
  queries: [
    { promql: perSecond(outcome('completed')), legend: 'completed', color: COLOR.good },
    { promql: perSecond(outcome('failed')), legend: 'failed', color: COLOR.errors },
    { promql: perSecond(outcome('dead_lettered')), legend: 'given up', color: COLOR.refused },
    { promql: perSecond(outcome('duplicate')), legend: 'duplicate', color: COLOR.reference },
  ],
});

export const byQueue = timeSeries('Jobs by queue', {
  shows: 'Jobs a second of each queue.',
  normal: 'notifications follow traffic, reminders follow due dates.',
  act: 'a queue that stops while the other goes on: its handler hangs.',
  unit: OpsPerSecond,
  stacked: true,
  queries: [{ promql: perSecond(JOBS, 'queue'), legend: '{{queue}}' }],
});

export const depth = timeSeries('Waiting by queue', {
  shows: 'Jobs that are due and not yet begun; "dead-letter" holds those that were given up.',
  normal: 'near zero.',
  act: 'a ramp is a worker that is gone; a plateau is one that is too slow.',
  softMax: 5,
  queries: [{ promql: 'max by (queue) (worker_queue_depth{queue=~"$queue"})', legend: '{{queue}}' }],
});

export const age = timeSeries('Age of the oldest', {
  shows: 'How long the oldest due job has waited.',
  normal: 'below a few seconds.',
  act: 'rising by a second each second: nothing is taken from the queue at all.',
  unit: Seconds,
  softMax: 10,
  links: [runbook('WorkerBacklog')],
  queries: [{ promql: 'max by (queue) (worker_queue_oldest_seconds{queue=~"$queue"})', legend: '{{queue}}' }],
});

export const durations = timeSeries('Duration of a job', {
  shows: 'Half, nine of ten and 99 of 100 jobs took less than the lines, over five minutes.',
  normal: 'tens of milliseconds.',
  act: 'look at the database: a job is mostly statements.',
  unit: Seconds,
  queries: [0.99, 0.9, 0.5].map((share, index) => ({
    promql: `histogram_quantile(${share}, sum by (le) (rate(worker_job_duration_seconds_bucket{queue=~"$queue"}[5m]))) >= 0`,
    legend: `p${share * 100}`,
    color: [COLOR.p99, COLOR.p90, COLOR.p50][index] ?? COLOR.p99,
  })),
});

export const distribution = heatmap('Distribution of durations', {
  shows:
    'How many jobs took how long. Dots lead to the trace of one, and from there to the request that caused it.',
  normal: 'one dark band.',
  act: 'a band apart: open one of its dots.',
  unit: Seconds,
  queries: [
    {
      promql: buckets('worker_job_duration_seconds_bucket{queue=~"$queue"}'),
      legend: '{{le}}',
      exemplars: true,
    },
  ],
});

export const queues = table('Queues', {
  shows: 'Each queue: what waits and for how long, what was done and what failed within the time shown.',
  normal: 'nothing waits long, nothing failed.',
  act: 'a queue with failures: filter by it above, then read the log lines.',
  width: 24,
  height: 5,
  columns: [
    { title: 'Queue', from: { label: 'queue' } },
    { title: 'Waiting', from: { value: 0 }, unit: Short, decimals: 0, steps: manySteps },
    {
      title: 'Oldest',
      from: { value: 1 },
      unit: Seconds,
      decimals: 0,
      steps: worseAbove({ warn: backlog / 10, bad: backlog }),
    },
    { title: 'Done', from: { value: 2 }, unit: LocaleFormat, decimals: 0 },
    { title: 'Failed', from: { value: 3 }, unit: Short, decimals: 0, steps: worseAbove({ bad: 1 }) },
  ],
  queries: [
    'max by (queue) (worker_queue_depth)',
    'max by (queue) (worker_queue_oldest_seconds)',
    'sum by (queue) (increase(worker_jobs_total{outcome="completed"}[$__range]))',
    'sum by (queue) (increase(worker_jobs_total{outcome="failed"}[$__range]))',
  ],
});

export const workerUp = stateTimeline('Worker', {
  shows:
    'Whether the worker answers, and whether it calls itself ready: it has a database and a queue to take from.',
  normal: 'green throughout.',
  act: 'not ready: the database. Gone: WorkerDown; jobs wait and are done when it is back, none is lost.',
  width: 24,
  height: 4,
  states: UP_OR_DOWN,
  links: [runbook('WorkerDown')],
  queries: [
    { promql: 'min(up{job="taskmanager-worker"})', legend: 'answers' },
    { promql: 'min(probe_success{job="blackbox",target_name="worker-ready"})', legend: 'ready' },
  ],
});
