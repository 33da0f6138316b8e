import { describe, expect, test } from 'vitest';
import { readRouting } from '../../src/rehearsal/alertmanager/configuration.ts';
import { notificationsOf, type SentAlert } from '../../src/rehearsal/alertmanager/notifications.ts';

const ROUTING = readRouting(`
route:
  receiver: team
  group_by: [alertname]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 1h
  routes:
    - { receiver: quiet, matchers: ['severity="info"'] }
    - { receiver: night, matchers: ['severity="night"'], mute_time_intervals: [nights] }
inhibit_rules:
  - source_matchers: ['alertname="Down"']
    target_matchers: ['alertname!="Down"']
    equal: [service]
receivers:
  - { name: team, slack_configs: [{ send_resolved: true }] }
  - { name: quiet, slack_configs: [{}] }
  - { name: night, slack_configs: [{}] }
`);

const alert = (alertname: string, firingAt: number, endedAt?: number, labels = {}): SentAlert => ({
  labels: { alertname, service: 'api', ...labels },
  firingAt: firingAt * 1000,
  ...(endedAt === undefined ? {} : { endedAt: endedAt * 1000 }),
});

function messages(alerts: readonly SentAlert[], { to = 3000, speed = 1 } = {}): string[] {
  return notificationsOf(alerts, ROUTING, { to: to * 1000, speed }).map(
    ({ at, receiver, status, alerts: names }) => `${at / 1000} ${receiver} ${status} ${names.join('+')}`,
  );
}

describe('the messages of Alertmanager', () => {
  test('come after the group wait, and tell of the end with the next interval', () => {
    expect(messages([alert('Slow', 10, 100)])).toEqual(['40 team firing Slow', '340 team resolved Slow']);
  });

  test('say nothing of an alert that was over before the wait', () => {
    expect(messages([alert('Slow', 10, 20)])).toEqual([]);
  });

  test('tell of another series of the group with the next interval, not at once', () => {
    const second = alert('Slow', 50, undefined, { instance: 'b' });
    expect(messages([alert('Slow', 10), second], { to: 700 })).toEqual([
      '40 team firing Slow',
      '340 team firing Slow',
    ]);
  });

  test('are repeated after the repeat interval', () => {
    expect(messages([alert('Slow', 10)], { to: 4000 })).toEqual([
      '40 team firing Slow',
      '3940 team firing Slow',
    ]);
  });

  test('are silent about ends where the receiver does not want them, and about routes whose hours count', () => {
    const told = messages([
      alert('Note', 10, 100, { severity: 'info' }),
      alert('Late', 10, 100, { severity: 'night' }),
    ]);
    expect(told).toEqual(['40 quiet firing Note']);
  });

  test('are held back while a cause with equal labels fires, and come when it is over', () => {
    const down = alert('Down', 10, 200);
    expect(messages([down, alert('Slow', 12)], { to: 700 })).toEqual([
      '40 team firing Down',
      '340 team resolved Down',
      '342 team firing Slow',
    ]);
    const elsewhere = alert('Slow', 12, undefined, { service: 'web' });
    expect(messages([down, elsewhere], { to: 100 })).toEqual(['40 team firing Down', '42 team firing Slow']);
  });

  test('do not hide what is a cause itself', () => {
    const both = [alert('Down', 10), alert('Down', 10, undefined, { instance: 'b' })];
    expect(messages(both, { to: 100 })).toEqual(['40 team firing Down']);
  });

  test('wait for the interval of a group that still lives when its alert fires again', () => {
    expect(messages([alert('Slow', 10, 100), alert('Slow', 400)], { to: 700 })).toEqual([
      '40 team firing Slow',
      '340 team resolved Slow',
      '640 team firing Slow',
    ]);
  });

  test('come faster where time runs faster', () => {
    expect(messages([alert('Slow', 10, 20)], { speed: 10 })).toEqual([
      '13 team firing Slow',
      '43 team resolved Slow',
    ]);
  });
});
