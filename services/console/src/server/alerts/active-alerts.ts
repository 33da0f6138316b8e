import type { Alert } from '../../contract/alerts.ts';
import type { Known } from '../../contract/problem.ts';
import { type AlertmanagerAlert, readAlerts } from '../alertmanager/queries.ts';
import type { Upstream } from '../http/upstream.ts';
import type { PrometheusAlert, PrometheusQueries } from '../prometheus/queries.ts';
import type { RunbookFolder } from '../runbooks/runbook-folder.ts';

export interface AlertSources {
  prometheus: PrometheusQueries;
  alertmanager: Upstream;
  runbooks: RunbookFolder;
}

/** The answer, or why there is none. */
export async function known<T>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { status: 'known', value: await ask() };
  } catch (error) {
    return { status: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Firing first, then pending; within these the most severe, then the newest. What Alertmanager does with each is asked of it. */
export async function activeAlerts({
  prometheus,
  alertmanager,
  runbooks,
}: AlertSources): Promise<Known<Alert[]>> {
  const [alerts, deliveries, runbookNames] = await Promise.all([
    known(() => prometheus.alerts()),
    known(() => readAlerts(alertmanager)),
    runbooks.names(),
  ]);
  if (alerts.status === 'unknown') return alerts;
  const value = alerts.value.map((alert) => alertOf(alert, deliveries, runbookNames));
  return { status: 'known', value: value.toSorted(byUrgency) };
}

const SEVERITIES = ['critical', 'warning', 'info'];

/** An order for `sort`. A severity that is none of the lab's comes last. */
export function byUrgency(a: Alert, b: Alert): number {
  const rank = ({ severity }: Alert) =>
    severity !== null && SEVERITIES.includes(severity) ? SEVERITIES.indexOf(severity) : SEVERITIES.length;
  return a.state.localeCompare(b.state) || rank(a) - rank(b) || b.activeAt.localeCompare(a.activeAt);
}

function alertOf(
  alert: PrometheusAlert,
  deliveries: Known<AlertmanagerAlert[]>,
  runbooks: Set<string>,
): Alert {
  const { alertname: name = '(unnamed)', severity = null } = alert.labels;
  const { summary = null, description = null } = alert.annotations;
  return {
    name,
    state: alert.state,
    labels: alert.labels,
    annotations: alert.annotations,
    severity,
    summary,
    description,
    activeAt: new Date(alert.activeAt).toISOString(),
    value: alert.value,
    runbook: runbookPath(name, alert.annotations['runbook_url'], runbooks),
    dashboardUrl: webLink(alert.annotations['dashboard_url']),
    delivery: delivery(alert, deliveries),
  };
}

/** The runbook on this console: the one its annotation names, else one called like the alert. */
export function runbookPath(alert: string, url: string | undefined, runbooks: Set<string>): string | null {
  const [, named] = /\/runbooks\/([A-Za-z0-9_-]+)(?:\.md)?(?:[?#].*)?$/.exec(url ?? '') ?? [];
  const found = [named, alert].find((name) => name !== undefined && runbooks.has(name));
  return found === undefined ? null : `/runbooks/${found}`;
}

/** Annotations are data: only what a browser may safely follow becomes a link. */
function webLink(url: string | undefined): string | null {
  return url !== undefined && (/^https?:\/\//.test(url) || /^\/(?!\/)/.test(url)) ? url : null;
}

function delivery(alert: PrometheusAlert, deliveries: Known<AlertmanagerAlert[]>): Alert['delivery'] {
  if (deliveries.status === 'unknown') return deliveries;
  if (alert.state === 'pending')
    return { status: 'unknown', reason: 'pending: Alertmanager hears of it when it fires' };
  // Alertmanager may know more labels (external ones), never fewer.
  const found = deliveries.value.find(({ labels }) =>
    Object.entries(alert.labels).every(([name, value]) => labels[name] === value),
  );
  if (!found) return { status: 'unknown', reason: 'Alertmanager has not got it yet' };
  const { status, receivers, fingerprint } = found;
  return {
    status: 'known',
    value: { ...status, receivers: receivers.map(({ name }) => name), fingerprint },
  };
}
