/** Log records: how many, of which level and service, and which errors. */
import { LocaleFormat, RecordsPerSecond } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { logTable } from '../build/elasticsearch.ts';
import { CELL, logs, runbook } from '../build/links.ts';
import { perSecond, total } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { table } from '../build/table.ts';
import { alertThreshold, always, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

const RECORDS = 'log_records_total{job=~"$job"}';
const ERRORS = 'log_records_total{job=~"$job",level="error"}';
const surge = alertThreshold('ErrorLogSurge');

/** Of log.level, from bad to chatty. */
const LEVELS = [
  ['error', COLOR.errors],
  ['warn', COLOR.refused],
  ['info', COLOR.traffic],
  ['debug', COLOR.reference],
] as const;

export const rate = stat('Records', {
  shows: 'Log records that the services made, a second.',
  normal: 'about one a request.',
  act: 'many more: somebody left debugging on, or a loop logs.',
  unit: RecordsPerSecond,
  decimals: 1,
  steps: always(COLOR.traffic),
  queries: [{ promql: perSecond(RECORDS), legend: 'records' }],
});

export const errorRate = stat('Errors', {
  shows: 'Log records of level error, a second.',
  normal: 'zero.',
  act: `ErrorLogSurge fires above ${surge} records a second of one service: read them.`,
  unit: RecordsPerSecond,
  decimals: 2,
  steps: worseAbove({ warn: surge / 10, bad: surge }),
  links: [logs('Errors', 'log.level:error')],
  queries: [{ promql: perSecond(ERRORS), legend: 'errors' }],
});

export const errorsShown = stat('Errors in this time', {
  shows: 'Log records of level error within the time shown.',
  normal: 'zero, or known.',
  act: 'click Errors in the panel beside it.',
  decimals: 0,
  plain: true,
  steps: worseAbove({ warn: 1 }),
  queries: [{ promql: total(ERRORS), legend: 'errors' }],
});

export const byLevel = timeSeries('Records by level', {
  shows: 'Log records a second by level.',
  normal: 'nearly all info.',
  act: 'red: read the errors. More orange: something is refused or tried again.',
  unit: RecordsPerSecond,
  stacked: true,
  links: [runbook('ErrorLogSurge'), logs('Log lines', '')],
  queries: LEVELS.map(([level, color]) => ({
    promql: perSecond(`log_records_total{job=~"$job",level="${level}"}`),
    legend: level,
    color,
  })),
});

export const byService = timeSeries('Records by service', {
  shows: 'Log records a second by service.',
  normal: 'web and API in step: one access line each for a request.',
  act: 'one alone: its own trouble, or its own chatter.',
  unit: RecordsPerSecond,
  stacked: true,
  queries: [{ promql: perSecond(RECORDS, 'job'), legend: '{{job}}' }],
});

export const errorShare = timeSeries('Errors by service', {
  shows: 'Log records of level error a second, by service.',
  normal: 'zero.',
  act: 'the service that began first is where the cause is; its lines carry error.type, message and stack.',
  unit: RecordsPerSecond,
  softMax: surge,
  limits: worseAbove({ bad: surge }),
  links: [logs('Errors', 'log.level:error')],
  queries: [{ promql: perSecond(ERRORS, 'job'), legend: '{{job}}' }],
});

export const services = table('Services', {
  shows: 'Records of each service and level within the time shown.',
  normal: 'no errors.',
  act: 'click a level to read its lines.',
  columns: [
    { title: 'Service', from: { label: 'job' } },
    { title: 'Level', from: { label: 'level' }, link: logs('Log lines', `log.level:${CELL}`) },
    { title: 'Records', from: { value: 0 }, unit: LocaleFormat, decimals: 0 },
  ],
  sortBy: 'Records',
  queries: [`${total(RECORDS, 'job, level')} > 0`],
});

export const topErrors = logTable('Top errors', {
  shows: 'Errors by service and type, counted in Elasticsearch (full mode).',
  normal: 'empty.',
  act: 'in lite the console’s log page counts them: choose level error there.',
  query: 'log.level:error',
  by: ['service.name', 'error.type', 'http.route'],
  links: [logs('Errors', 'log.level:error')],
});

export const newestErrors = logTable('Newest errors', {
  shows: 'The newest log lines of level error, from Elasticsearch (full mode).',
  normal: 'empty.',
  act: 'in lite the console’s log page shows them; trace.id leads to the trace in both.',
  query: 'log.level:error',
  links: [logs('Errors', 'log.level:error')],
});
