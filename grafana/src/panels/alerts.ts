/** What fires now and what has: the first thing that whoever is called looks at. */
import { Seconds } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { CELL, consolePage } from '../build/links.ts';
import { stat } from '../build/stat.ts';
import { states, stateTimeline } from '../build/state-timeline.ts';
import { table } from '../build/table.ts';
import { worseAbove } from '../build/thresholds.ts';
import { experiment } from '../build/until.ts';

/** The watchdog always fires: it proves that alerts arrive. */
export const FIRING = 'ALERTS{alertstate="firing",alertname!="Watchdog"}';
const count = (severity: string) => `count(${FIRING.replace('}', `,severity="${severity}"}`)}) or vector(0)`;

export const critical = stat('Critical', {
  shows: 'Critical alerts that fire now: users are hurt.',
  normal: 'zero.',
  act: 'take the topmost in the list below and follow its runbook.',
  steps: worseAbove({ bad: 1 }),
  decimals: 0,
  plain: true,
  links: [consolePage('Alerts', '/alerts')],
  queries: [{ promql: count('critical'), legend: 'critical' }],
});

export const warning = stat('Warnings', {
  shows: 'Warnings that fire now: look today.',
  normal: 'zero.',
  act: 'often the cause behind a critical one: read them together.',
  steps: worseAbove({ warn: 1 }),
  decimals: 0,
  plain: true,
  queries: [{ promql: count('warning'), legend: 'warnings' }],
});

export const firing = table('Firing now', {
  calm: 'No alert fires',
  shows: 'Every alert that fires, with how long. Click its name for the runbook.',
  normal: 'empty.',
  act: 'critical first. Alerts of one cause come together: the database down also makes the API slow.',
  columns: [
    { title: 'Alert', from: { label: 'alertname' }, link: consolePage('Runbook', `/runbooks/${CELL}`) },
    { title: 'Severity', from: { label: 'severity' }, pixels: 90 },
    { title: 'Service', from: { label: 'service' } },
    { title: 'For', from: { value: 0 }, unit: Seconds, decimals: 0, pixels: 110 },
  ],
  sortBy: 'For',
  queries: [
    {
      promql:
        'max by (alertname, severity, service) (time() - (ALERTS_FOR_STATE{alertname!="Watchdog"} and ignoring (alertstate) ALERTS{alertstate="firing"}))',
      until: experiment('api-errors'),
    },
  ],
});

/** A row for each alert that has been pending or fired. */
export const ALERTS_OVER_TIME = {
  calm: 'No alert has been pending or fired',
  states: states(
    { value: 1, text: 'pending', color: COLOR.saturation },
    { value: 2, text: 'firing', color: COLOR.errors },
  ),
  queries: [
    {
      promql: `max by (alertname) (${FIRING} * 2 or ALERTS{alertstate="pending"})`,
      legend: '{{alertname}}',
      until: experiment('api-errors'),
    },
  ],
};

export const alertHistory = stateTimeline('Alerts over time', {
  shows: 'When which alert was pending and when it fired.',
  normal: 'nothing.',
  act: 'the first to begin is closest to the cause.',
  ...ALERTS_OVER_TIME,
});
