/** The way of an alert: from the rule through Alertmanager to who is told, and the watchdog that proves it. */
import { CountsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { consolePage, runbook, shortRunbook } from '../build/links.ts';
import { mean, perSecond, perSecondSeenByOne } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { stateTimeline, UP_OR_DOWN } from '../build/state-timeline.ts';
import { alertThreshold, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

const silent = alertThreshold('DeadMansSwitchSilent');

export const watchdog = stat('Watchdog', {
  shows: 'How long ago the always-firing alert reached the console.',
  normal: 'below two minutes.',
  act: 'red is where DeadMansSwitchSilent fires: alerts do not arrive, so silence means nothing.',
  unit: Seconds,
  decimals: 0,
  steps: worseAbove({ warn: silent / 1.5, bad: silent }),
  links: [shortRunbook('DeadMansSwitchSilent')],
  queries: [{ promql: 'time() - max(deadmansswitch_last_seen_timestamp_seconds)', legend: 'ago' }],
});

export const notifications = timeSeries('Notifications', {
  shows:
    'Alerts that Prometheus sent and messages that Alertmanager delivered, and (below the axis) those that failed.',
  normal: 'nothing below the axis. The watchdog alone keeps both above zero.',
  act: 'below the axis: PrometheusNotificationsFailing or AlertmanagerNotificationsFailing.',
  unit: CountsPerSecond,
  links: [runbook('AlertmanagerNotificationsFailing')],
  queries: [
    {
      promql: perSecondSeenByOne('prometheus_notifications_sent_total'),
      legend: 'sent',
      color: COLOR.traffic,
    },
    { promql: perSecond('alertmanager_notifications_total'), legend: 'delivered', color: COLOR.good },
    {
      promql: `${perSecondSeenByOne('prometheus_notifications_errors_total')} + ${perSecond('alertmanager_notifications_failed_total')}`,
      legend: 'failed',
      color: COLOR.errors,
      mirrored: true,
    },
  ],
});

export const delivery = timeSeries('Delivery', {
  shows: 'How long Alertmanager took to deliver on average, and alerts and silences that it holds (right).',
  normal: 'milliseconds.',
  act: 'slow or failing: the receiver. Silences that nobody remembers: end them in the console.',
  unit: Seconds,
  links: [consolePage('Silences', '/alerts')],
  queries: [
    {
      // Its buckets begin at a second: a quantile of them would be made up.
      promql: mean('alertmanager_notification_latency_seconds', '').replaceAll('$__rate_interval', '5m'),
      legend: 'mean',
      color: COLOR.p90,
    },
    {
      promql: 'max(alertmanager_alerts{state="active"})',
      legend: 'alerts',
      color: COLOR.refused,
      rightUnit: Short,
    },
    {
      promql: 'max(alertmanager_silences{state="active"})',
      legend: 'silences',
      color: COLOR.reference,
      rightUnit: Short,
    },
  ],
});

export const configuration = stateTimeline('Configuration', {
  shows: 'Whether the last reload of each tool’s configuration was taken.',
  normal: 'green.',
  act: 'red: the older configuration stays in force; make reload names the line that is wrong.',
  states: UP_OR_DOWN,
  height: 5,
  links: [runbook('PrometheusConfigReloadFailed')],
  queries: [
    { promql: 'min(prometheus_config_last_reload_successful{job="prometheus"})', legend: 'Prometheus' },
    { promql: 'min(alertmanager_config_last_reload_successful)', legend: 'Alertmanager' },
  ],
});
