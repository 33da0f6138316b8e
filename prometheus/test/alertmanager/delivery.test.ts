import { scaleAlertmanager } from '@lab/prometheus';
import { eventually } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { startAlertmanager } from '../support/running-alertmanager.ts';

interface SlackMessage {
  channel: string;
  username: string;
  attachments: {
    title: string;
    title_link: string;
    text: string;
    fallback: string;
    color: string;
    footer: string;
  }[];
}

const FIRED = '2026-11-22T10:00:00.000Z';
const RESOLVED = '2026-11-22T10:07:30.000Z';

const HIGH_ERROR_RATE = {
  labels: { alertname: 'HighErrorRate', severity: 'critical', service: 'taskmanager-api' },
  annotations: {
    summary: 'The API answers too many requests with a server error',
    description: '6% of API requests failed with a 5xx over the last 5m (threshold 5%, for 2m).',
    runbook_url: 'http://127.0.0.1:8000/runbooks/HighErrorRate',
    dashboard_url: 'http://127.0.0.1:8000/dashboards/application',
  },
  startsAt: FIRED,
  generatorURL: 'http://127.0.0.1:9090/graph?g0.expr=1',
};

/** Waits of a second at most; everything else as it is. */
const impatient = (text: string) =>
  text
    .replaceAll(
      /(group_wait|group_interval|repeat_interval): \w+/g,
      (_, key) => `${key}: ${key === 'group_wait' ? '0s' : '1s'}`,
    )
    .replaceAll('repeat_interval: 1s', 'repeat_interval: 1h');

const titleOf = (body: unknown) => (body as SlackMessage).attachments[0]?.title ?? '';

describe('delivery', () => {
  test('a critical alert, firing and resolved, reaches #critical-alerts with value, times and links', async () => {
    await using alertmanager = await startAlertmanager({ change: impatient });
    const messages = () =>
      alertmanager.deliveries.filter(({ path }) => path === '/hooks/slack/critical-alerts');

    await alertmanager.send([HIGH_ERROR_RATE]);
    await eventually('the firing message', () => messages().length === 1);
    await alertmanager.send([{ ...HIGH_ERROR_RATE, endsAt: RESOLVED }]);
    await eventually('the resolved message', () => messages().length === 2);

    const [firing, resolved] = messages().map(({ body }) => body as SlackMessage);
    expect(firing).toMatchObject({ channel: '#critical-alerts', username: 'Alertmanager' });
    expect(firing?.attachments).toEqual([
      expect.objectContaining({
        title:
          '[FIRING:1] CRITICAL HighErrorRate (taskmanager-api): 6% of API requests failed with a 5xx over the last 5m (threshold 5%, for 2m).',
        title_link: 'http://127.0.0.1:8000/runbooks/HighErrorRate',
        color: 'danger',
        footer: '1 firing, 0 resolved · group alertname=HighErrorRate ',
        text: [
          '*The API answers too many requests with a server error*',
          '6% of API requests failed with a 5xx over the last 5m (threshold 5%, for 2m).',
          'Firing since 2026-11-22 10:00:00 UTC',
          '`service=taskmanager-api` `severity=critical` ',
          `<http://127.0.0.1:8000/runbooks/HighErrorRate|Runbook> · <http://127.0.0.1:8000/dashboards/application?from=1795340700000&to=now|Dashboard> · <http://127.0.0.1:8000/alerts?silence=${SILENCE}|Silence> · <http://127.0.0.1:9090/graph?g0.expr=1|Query>`,
          '',
        ].join('\n'),
      }),
    ]);
    expect(resolved?.attachments[0]).toMatchObject({ color: 'good' });
    expect(resolved?.attachments[0]?.title).toMatch(
      /^\[RESOLVED\] CRITICAL HighErrorRate \(taskmanager-api\): over\. While it fired: 6% of API/,
    );
    expect(resolved?.attachments[0]?.text).toMatch(
      /^\*Over: The API answers too many requests with a server error\*\nWhile it fired: 6% of API/,
    );
    expect(resolved?.attachments[0]?.text).toContain(
      '\nFired 2026-11-22 10:00:00 UTC, resolved 2026-11-22 10:07:30 UTC\n',
    );
    expect(resolved?.attachments[0]?.text).toContain(
      `/dashboards/application?from=1795340700000&to=${Date.parse(RESOLVED) + 300_000}|Dashboard>`,
    );
    expect(resolved?.attachments[0]?.footer).toBe('0 firing, 1 resolved · group alertname=HighErrorRate ');
  });

  test('several alerts of one group come in one message that says how many, and at what time scale', async () => {
    await using alertmanager = await startAlertmanager({ change: impatient });
    const alert = (job: string, instance: string) => ({
      labels: { alertname: 'EventLoopLag', severity: 'warning', job, instance, service: 'taskmanager-api' },
      annotations: {
        ...HIGH_ERROR_RATE.annotations,
        summary: 'The event loop is blocked',
        description: `${instance} was late.`,
        time_scale: '10',
      },
      startsAt: FIRED,
    });

    await alertmanager.send([alert('taskmanager-backend', 'a:1'), alert('taskmanager-backend', 'b:1')]);
    // Alertmanager takes them one by one: on a busy machine the first may leave alone, and both with the next message.
    const message = await eventually('a message about both', () =>
      alertmanager.deliveries.find(({ body }) => titleOf(body).startsWith('[FIRING:2]')),
    );

    const attachment = (message.body as SlackMessage).attachments[0];
    expect(message.path).toBe('/hooks/slack/alerts');
    expect(attachment?.title).toBe(
      '[FIRING:2] WARNING EventLoopLag (taskmanager-api): The event loop is blocked (2 alerts)',
    );
    expect(attachment?.color).toBe('warning');
    expect(attachment?.text).toContain('a:1 was late.');
    expect(attachment?.text).toContain('b:1 was late.');
    expect(attachment?.text).toContain(
      'Time scale 10: the durations named above ran that many times faster.',
    );
  });

  test('the watchdog reaches the dead-man’s switch alone, again and again', async () => {
    const change = (text: string) => scaleAlertmanager(text, 60);
    await using alertmanager = await startAlertmanager({ change });

    await alertmanager.send([{ labels: { alertname: 'Watchdog', severity: 'info', service: 'prometheus' } }]);
    await eventually('two signs of life', () => alertmanager.deliveries.length >= 2);

    expect(new Set(alertmanager.deliveries.map(({ path }) => path))).toEqual(new Set(['/hooks/watchdog']));
    expect(alertmanager.deliveries[0]?.body).toMatchObject({
      status: 'firing',
      alerts: [expect.objectContaining({ labels: expect.objectContaining({ alertname: 'Watchdog' }) })],
    });
  });

  test('a missing and a wrong webhook file stop nothing: the other channel gets its message', async () => {
    await using alertmanager = await startAlertmanager({
      change: impatient,
      webhooks: (receiver) => ({ 'slack-critical-alerts-url': `${receiver}/hooks/slack/critical-alerts` }),
    });

    await alertmanager.send([
      { ...HIGH_ERROR_RATE, labels: { ...HIGH_ERROR_RATE.labels, alertname: 'Other', severity: 'warning' } },
      HIGH_ERROR_RATE,
    ]);

    await eventually('the critical message', () => alertmanager.deliveries.length === 1);
    const metrics = await eventually('the failure counted', async () => {
      const text = await (await fetch(`${alertmanager.url}/metrics`)).text();
      return /alertmanager_notifications_failed_total\{integration="slack"[^}]*\} [1-9]/.test(text) && text;
    });
    expect(metrics).toMatch(/alertmanager_notifications_failed_total\{integration="webhook"[^}]*\} 0/);
  });
});

const SILENCE =
  'alertname%3D%22HighErrorRate%22%2Cservice%3D%22taskmanager-api%22%2Cseverity%3D%22critical%22';
