/** Experiments: what was broken on purpose, what users noticed, which alerts fired and arrived. */
import { PercentUnit, RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { consolePage } from '../build/links.ts';
import { perSecond, quantile, share } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { ON_OR_OFF, stateTimeline } from '../build/state-timeline.ts';
import { table } from '../build/table.ts';
import {
  alertThreshold,
  always,
  inMinutes,
  objective,
  objectiveSeconds,
  worseAbove,
} from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { experiment } from '../build/until.ts';
import { ALERTS_OVER_TIME, FIRING } from './alerts.ts';
import { EDGE, EDGE_BUCKETS, EDGE_FAILED } from './edge.ts';

const RESULTS = consolePage('Results', '/experiments');

export const running = stat('Running', {
  shows: 'Experiments that run now.',
  normal: 'zero or one.',
  act: 'nobody remembers starting it: make reveal names it and rolls it back.',
  decimals: 0,
  plain: true,
  steps: worseAbove({ warn: 1 }),
  links: [RESULTS],
  queries: [{ promql: 'sum(lab_experiment_active) or vector(0)', legend: 'running' }],
});

export const faults = stat('Faults on', {
  shows: 'Faults that are switched on in services now.',
  normal: 'zero.',
  act: 'an experiment’s rollback switches them off; so does a restart of the service.',
  decimals: 0,
  plain: true,
  steps: worseAbove({ warn: 1 }),
  queries: [{ promql: 'sum(faults_active)', legend: 'on' }],
});

export const alertsNow = stat('Alerts firing', {
  shows: 'Alerts that fire now, the watchdog left out.',
  normal: 'zero; during an experiment the ones it promises.',
  act: 'one that nobody promised is a finding: see its runbook.',
  decimals: 0,
  plain: true,
  steps: worseAbove({ warn: 1 }),
  queries: [{ promql: `count(${FIRING}) or vector(0)`, legend: 'firing' }],
});

export const messages = stat('Messages', {
  shows: 'Alert messages that arrived in the inbox within the time shown.',
  normal: 'two an alert: firing and resolved.',
  act: 'alerts without messages: Alertmanager, or its way to the console.',
  decimals: 0,
  plain: true,
  steps: always(COLOR.traffic),
  links: [consolePage('Inbox', '/inbox')],
  queries: [
    {
      // Each kind begins at 1 with its first message, which `increase` would not see.
      promql:
        'clamp_min((sum(inbox_messages_total) or vector(0)) - (sum(inbox_messages_total offset $__range) or vector(0)), 0)',
      legend: 'messages',
    },
  ],
});

export const userErrors = stat('Failing for users', {
  shows: 'Share of API requests that users saw fail, now.',
  normal: 'zero.',
  act: 'during an experiment: within the bounds that it promises.',
  unit: PercentUnit,
  decimals: 1,
  steps: worseAbove({
    warn: 1 - objective('api-availability').objective,
    bad: alertThreshold('HighErrorRate'),
  }),
  queries: [{ promql: share(perSecond(EDGE_FAILED), perSecond(EDGE)), legend: '5xx' }],
});

export const userLatency = stat('p95 for users', {
  shows: '95 of 100 API requests were answered faster, as users see it.',
  normal: 'below the objective.',
  act: 'during an experiment: within the bounds that it promises.',
  unit: Seconds,
  steps: worseAbove({ warn: objectiveSeconds('api-latency-300ms'), bad: objectiveSeconds('api-latency-1s') }),
  queries: [{ promql: quantile(0.95, EDGE_BUCKETS), legend: 'p95' }],
});

export const timeline = stateTimeline('Experiments', {
  calm: 'No experiment has run',
  shows: 'Which experiment ran when.',
  normal: 'one after the other.',
  act: 'read downwards: experiment, fault, what users noticed, alerts, messages.',
  width: 24,
  height: 5,
  states: ON_OR_OFF,
  queries: [
    {
      promql: 'max by (experiment) (lab_experiment_active)',
      legend: '{{experiment}}',
      until: experiment('control'),
    },
  ],
});

export const faultTimeline = stateTimeline('Faults in services', {
  shows:
    'Which fault was on in which service. Experiments that stop, pause or cut off parts need none of these.',
  normal: 'off, except while an experiment runs.',
  act: 'on after the experiment’s end: the rollback failed.',
  width: 24,
  height: 7,
  states: ON_OR_OFF,
  queries: [
    {
      // The jobs' own names leave no room for the fault's.
      promql:
        'max by (part, fault) (label_replace(faults_active, "part", "$1", "job", "(?:taskmanager|lab)-(.*)"))',
      legend: '{{part}} {{fault}}',
    },
  ],
});

export const impact = timeSeries('What users noticed', {
  shows: 'API requests a second through web: all, and those that failed.',
  normal: 'red at zero.',
  act: 'how high and how long red is, is the experiment’s price.',
  unit: RequestsPerSecond,
  queries: [
    { promql: perSecond(EDGE), legend: 'requests', color: COLOR.traffic },
    { promql: `${perSecond(EDGE_FAILED)} or 0 * ${perSecond(EDGE)}`, legend: 'failed', color: COLOR.errors },
  ],
});

export const impactLatency = timeSeries('How long users waited', {
  shows: 'p50 and p95 of API requests through web.',
  normal: 'level.',
  act: 'a step up and back is the experiment; a step that stays is damage it left.',
  unit: Seconds,
  queries: [
    { promql: quantile(0.95, EDGE_BUCKETS), legend: 'p95', color: COLOR.p90 },
    { promql: quantile(0.5, EDGE_BUCKETS), legend: 'p50', color: COLOR.p50 },
  ],
});

export const alerts = stateTimeline('Alerts', {
  shows: 'When which alert was pending (condition holds, not yet long enough) and firing.',
  normal: 'only the promised ones, soon after the fault, and over soon after its end.',
  act: 'the distance from the fault to firing is how long nobody would have known.',
  width: 24,
  height: 8,
  ...ALERTS_OVER_TIME,
});

export const inbox = timeSeries('Messages in the inbox', {
  calm: 'No message has arrived',
  shows:
    'Alert messages that have arrived since the console began, by channel and kind: each step is one or more.',
  normal: 'a step of firing shortly after the alert, one of resolved shortly after its end.',
  act: 'firing alerts without a message: see Alertmanager on the Lab health dashboard.',
  decimals: 0,
  steps: true,
  links: [consolePage('Inbox', '/inbox')],
  queries: [
    {
      promql: 'sum by (channel, status) (inbox_messages_total)',
      legend: '{{channel}} {{status}}',
      until: experiment('api-errors'),
    },
  ],
});

export const deadMan = timeSeries('Silence of the watchdog', {
  shows: 'How long ago the always-firing alert last reached the console: the proof that alerts arrive.',
  normal: 'a saw-tooth below a minute or two.',
  act: `DeadMansSwitchSilent fires after ${inMinutes(alertThreshold('DeadMansSwitchSilent'))}: rules, Alertmanager, or the way between are broken.`,
  unit: Seconds,
  queries: [
    {
      promql: 'time() - deadmansswitch_last_seen_timestamp_seconds',
      legend: 'silence',
      color: COLOR.saturation,
    },
    {
      promql: 'deadmansswitch_silences_total',
      legend: 'times too long',
      color: COLOR.errors,
      rightUnit: Short,
    },
  ],
});

export const firedAlerts = table('Alerts in this time', {
  calm: 'No alert has fired',
  shows: 'Every alert that fired within the time shown, and for how long.',
  normal: 'those that the experiments promised.',
  act: 'the console’s experiment page judges each against its promise.',
  columns: [
    { title: 'Alert', from: { label: 'alertname' } },
    { title: 'Severity', from: { label: 'severity' } },
    { title: 'Fired for', from: { value: 0 }, unit: Seconds, decimals: 0 },
  ],
  sortBy: 'Fired for',
  links: [RESULTS],
  queries: [
    {
      promql: `sum by (alertname, severity) (sum_over_time((${FIRING} * 5)[$__range:5s]))`,
      until: experiment('api-errors'),
    },
  ],
});
