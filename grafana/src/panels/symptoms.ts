/** What users notice: failing, slow and missing answers, and what it costs the promises made to them. */
import { PercentUnit, RequestsPerSecond, Seconds } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { runbook } from '../build/links.ts';
import { OVERSPENT } from '../build/overspent.ts';
import { perSecond, quantile, share } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import {
  alertThreshold,
  always,
  BUDGET,
  burnRate,
  objective,
  objectiveSeconds,
  worseAbove,
  worseBelow,
} from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { EDGE, EDGE_BUCKETS, EDGE_FAILED } from './edge.ts';

const API = 'http_requests_total{job="taskmanager-backend"}';
const upstream = alertThreshold('HighUpstreamErrorRate');
const promised = 1 - objective('api-availability').objective;
const edgeSteps = worseAbove({ warn: promised, bad: upstream });
const seconds = objectiveSeconds('api-latency-300ms');
const slow = objectiveSeconds('api-latency-1s');
const latencySteps = worseAbove({ warn: seconds, bad: slow });

export const edgeErrors = stat('Failing for users', {
  shows: 'Share of API requests that left web as a 5xx: an API that is gone counts, too.',
  normal: 'zero.',
  act: 'red while the API’s own errors are zero: web does not reach it.',
  unit: PercentUnit,
  decimals: 2,
  steps: edgeSteps,
  queries: [{ promql: share(perSecond(EDGE_FAILED), perSecond(EDGE)), legend: '5xx' }],
});

export const edgeLatency = stat('Slowest twentieth', {
  shows: 'p95 of API requests as users of web see them.',
  normal: `below ${seconds * 1000} ms, which is promised for 95 %.`,
  act: 'compare with p90 of the API and of the database: the first that is up holds the cause.',
  unit: Seconds,
  steps: latencySteps,
  queries: [{ promql: quantile(0.95, EDGE_BUCKETS), legend: 'p95' }],
});

export const traffic = stat('Traffic', {
  shows: 'API requests a second that enter through web.',
  normal: 'what it was a moment ago.',
  act: 'a fall to zero: nobody can reach web, or a load test ended (marked in the graphs).',
  unit: RequestsPerSecond,
  decimals: 1,
  steps: always(COLOR.traffic),
  queries: [{ promql: perSecond(EDGE), legend: 'requests' }],
});

export const edgeTraffic = timeSeries('What web sends and the API receives', {
  shows: 'API requests a second as web passed them on, as the API counted them, and those that failed.',
  normal: 'both lines on top of each other; red at zero.',
  act: 'web above the API: requests are lost between (TrafficGone). Red with both: the API fails.',
  unit: RequestsPerSecond,
  links: [runbook('TrafficGone')],
  queries: [
    { promql: perSecond(EDGE), legend: 'web sends', color: COLOR.traffic },
    { promql: perSecond(API), legend: 'API receives', color: COLOR.reference, dashed: true },
    { promql: `${perSecond(EDGE_FAILED)} or 0 * ${perSecond(EDGE)}`, legend: 'failed', color: COLOR.errors },
  ],
});

export const edgeDurations = timeSeries('Duration, as users see it', {
  shows: 'API requests through web: p50, p95, p99. The lines are the two promises.',
  normal: `p95 below ${seconds * 1000} ms, p99 below ${slow} s.`,
  act: 'look right: the cause that moves at the same moment.',
  unit: Seconds,
  limits: latencySteps,
  queries: [
    { promql: quantile(0.99, EDGE_BUCKETS), legend: 'p99', color: COLOR.p99 },
    { promql: quantile(0.95, EDGE_BUCKETS), legend: 'p95', color: COLOR.p90 },
    { promql: quantile(0.5, EDGE_BUCKETS), legend: 'p50', color: COLOR.p50 },
  ],
});

const page = burnRate('ErrorBudgetBurn1h');

/** The pace of the fastest burn-rate alert, for the first screen. */
export const pace = stat('Budget pace, 1 hour', {
  shows: 'How many times faster than it lasts the availability budget goes, over an hour.',
  normal: 'below 1.',
  act: `above ${page.factor} over both of its windows pages; see the SLO dashboard.`,
  decimals: 1,
  steps: worseAbove({ warn: 1, bad: page.factor }),
  queries: [{ promql: 'slo:burn_rate:rate1h{slo="api-availability"}', legend: 'pace' }],
});

export const budgetLeft = stat('Budget left', {
  shows: 'What is left of the availability budget of the month.',
  normal: 'green.',
  act: 'little left and a risky change planned: not today.',
  unit: PercentUnit,
  decimals: 0,
  steps: worseBelow(BUDGET),
  mappings: OVERSPENT,
  queries: [{ promql: 'slo:error_budget_remaining:ratio{slo="api-availability"}', legend: 'left' }],
});
