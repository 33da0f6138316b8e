import { eventually } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { startAlertmanager } from '../support/running-alertmanager.ts';

interface KnownAlert {
  labels: Record<string, string>;
  status: { state: string; inhibitedBy: string[] };
}

/** Alerts as their rules label them: name, severity, service, more. */
const alert = (alertname: string, severity: string, service: string, more: Record<string, string> = {}) => ({
  labels: { alertname, severity, service, ...more },
});
const API = 'taskmanager-api';

describe('a known cause hides what it explains, and nothing else', () => {
  test.each([
    {
      cause: alert('DatabaseDown', 'critical', 'postgres'),
      hides: [
        alert('HighErrorRate', 'critical', API),
        alert('DatabaseErrors', 'warning', 'postgres'),
        alert('ServiceNotReady', 'warning', API, { target_name: 'api-ready' }),
        alert('JobsFailing', 'warning', 'taskmanager-worker'),
      ],
      shows: [
        alert('ErrorBudgetBurn1h', 'critical', API, { slo: 'api-availability' }),
        alert('ApiDown', 'critical', API),
        alert('SpansDropped', 'warning', 'lab-console'),
      ],
    },
    {
      cause: alert('ApiDown', 'critical', API, { job: 'taskmanager-backend' }),
      hides: [
        alert('TrafficGone', 'critical', API),
        alert('ProbeFailing', 'critical', API, { target_name: 'api-through-web' }),
        alert('RestartLoop', 'warning', API),
        alert('HighUpstreamErrorRate', 'critical', 'taskmanager-web'),
      ],
      shows: [
        alert('ErrorBudgetBurn1h', 'critical', API, { slo: 'api-availability' }),
        alert('EventLoopLag', 'warning', 'lab-console'),
        alert('WorkerDown', 'warning', 'taskmanager-worker'),
      ],
    },
    {
      cause: alert('ElasticsearchDown', 'warning', 'elasticsearch', { mode: 'full' }),
      hides: [
        alert('LogOutputRetrying', 'warning', 'fluentd'),
        alert('ElasticsearchReadOnly', 'warning', 'elasticsearch'),
      ],
      shows: [alert('FluentdDown', 'warning', 'fluentd'), alert('ErrorLogSurge', 'warning', API)],
    },
    {
      cause: alert('HighErrorRate', 'critical', API),
      hides: [alert('ErrorLogSurge', 'warning', API)],
      shows: [
        alert('ErrorLogSurge', 'warning', 'taskmanager-worker'),
        alert('SlowAPIResponse', 'warning', API),
      ],
    },
    {
      cause: alert('ErrorBudgetBurn1h', 'critical', API, { slo: 'api-availability' }),
      hides: [alert('ErrorBudgetBurn1d', 'warning', API, { slo: 'api-availability' })],
      shows: [
        alert('ErrorBudgetBurn1d', 'warning', API, { slo: 'api-latency-1s' }),
        alert('ErrorBudgetBurn6h', 'critical', API, { slo: 'api-availability' }),
      ],
    },
  ])('$cause.labels.alertname', async ({ cause, hides, shows }) => {
    await using alertmanager = await startAlertmanager();

    await alertmanager.send([cause, ...hides, ...shows]);
    const known = await eventually('every alert judged', async () => {
      const alerts = (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as KnownAlert[];
      const judged = alerts.filter(({ status }) => status.state !== 'unprocessed');
      return judged.length === 1 + hides.length + shows.length ? judged : undefined;
    });

    const hidden = known.filter(({ status }) => status.inhibitedBy.length > 0).map(({ labels }) => labels);
    expect(sorted(hidden)).toEqual(sorted(hides.map(({ labels }) => labels)));
  });
});

function sorted(labels: Record<string, string>[]): string[] {
  return labels.map((each) => JSON.stringify(Object.entries(each).sort())).sort();
}
