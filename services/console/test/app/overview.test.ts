import { describe, expect, it } from 'vitest';
import { groupAlerts } from '../../src/app/alerts/group-alerts.ts';
import {
  alertLanes,
  furtherResults,
  laneEnd,
  laneTicks,
  rollbackAfter,
  timelineEvents,
} from '../../src/app/experiments/result.ts';
import { byDay } from '../../src/app/inbox/days.ts';
import { budgetWords } from '../../src/app/overview/budget-words.ts';
import { headline } from '../../src/app/overview/headline.ts';
import { sparkArea, sparkPath } from '../../src/app/overview/sparkline.ts';
import type { Alert } from '../../src/contract/alerts.ts';
import type { Overview, Part } from '../../src/contract/overview.ts';

const at = '2026-11-22T12:00:00.000Z';
const alert = (name: string, state: Alert['state'], severity: string): Alert => ({
  name,
  state,
  labels: { alertname: name },
  annotations: {},
  severity,
  summary: null,
  description: null,
  activeAt: at,
  value: '1',
  runbook: null,
  dashboardUrl: null,
  delivery: { status: 'unknown', reason: 'x' },
});
const part = (state: Part['state']): Part => ({
  name: 'p',
  title: null,
  job: null,
  instance: null,
  state,
  detail: null,
  lastSeenAt: null,
  memoryBytes: null,
  startedAt: null,
});
const overview = (alerts: Alert[], parts: Part[] = [part('up')]): Overview => ({
  at,
  parts,
  partsSource: { status: 'known', value: 'prometheus' },
  alerts: { status: 'known', value: alerts },
  objectives: { status: 'unknown', reason: 'x' },
  traffic: { status: 'unknown', reason: 'x' },
});
const watchdog = alert('Watchdog', 'firing', 'info');

it('counts alerts as the sidebar does: the watchdog stands apart', () => {
  const groups = groupAlerts([alert('A', 'firing', 'critical'), watchdog, alert('B', 'pending', 'warning')]);
  expect(groups.map(({ title, alerts }) => [title, alerts.map(({ name }) => name)])).toEqual([
    ['Firing', ['A']],
    ['Pending', ['B']],
    ['Watchdog', ['Watchdog']],
  ]);
});

it.each([
  [1, '100% of budget left'],
  [0.275, '28% of budget left'],
  [-0.5, 'overspent by 50%'],
  [-2.5, 'spent 3.5 times over'],
  [-54.418, 'spent 55 times over'],
])('says of a budget of which %d is left: %s', (remaining, words) => {
  expect(budgetWords(remaining)).toBe(words);
});

describe('the headline', () => {
  it('is calm with nothing but the watchdog firing', () => {
    expect(headline(overview([watchdog]))).toEqual({
      tone: 'ok',
      title: 'All quiet',
      facts: ['no alerts firing', '1 of 1 parts up'],
    });
  });
  it('puts critical alerts first', () => {
    const { tone, title, facts } = headline(
      overview([
        watchdog,
        alert('A', 'firing', 'critical'),
        alert('B', 'firing', 'warning'),
        alert('C', 'pending', 'critical'),
      ]),
    );
    expect([tone, title, facts[0]]).toEqual(['critical', '1 critical alert firing', '1 more firing']);
  });
  it('says that a part is down before any alert does', () => {
    expect(headline(overview([watchdog], [part('down'), part('up')])).title).toBe(
      '1 part down, no alert yet',
    );
  });
  it('does not take unknown for calm', () => {
    const unknown = { status: 'unknown', reason: 'Prometheus is down' } as const;
    expect(headline({ ...overview([]), alerts: unknown }).tone).toBe('unknown');
    expect(headline({ ...overview([watchdog]), partsSource: unknown }).tone).toBe('unknown');
  });
});

describe('sparklines', () => {
  it('scale from zero and part at gaps', () => {
    expect(sparkPath([0, 10, null, 5], 30, 13)).toBe('M0.0 12.0L10.0 2.0M30.0 7.0');
    expect(sparkArea([0, 10], 10, 13)).toBe('M0.0 13L0.0 12.0L10.0 2.0L10.0 13Z');
  });
  it('stand nothing, and nothing but zeros', () => {
    expect([sparkPath([], 10, 10), sparkPath([0, 0], 10, 10)]).toEqual(['', 'M0.0 9.0L10.0 9.0']);
  });
});

describe('an experiment’s result', () => {
  const result = {
    alerts: [
      {
        name: 'A',
        expected: 'fire' as const,
        firedAfterSeconds: 54,
        inboxAfterSeconds: 58,
        limitSeconds: 90,
        kept: true,
      },
      { name: 'B', expected: 'silent' as const, firedAfterSeconds: 70, kept: false },
      { name: 'C', expected: 'fire' as const, kept: false },
    ],
    timeline: [
      { at: '2026-11-22T12:01:00.000Z', kind: 'firing', text: 'later' },
      { at: '2026-11-22T12:00:30.000Z', kind: 'method', text: 'sooner' },
      { at: 'not a time', kind: 'x', text: 'lost' },
    ],
    machine: { cpus: 2 },
  };
  it('says in words what came of each promise', () => {
    expect(alertLanes(result).map(({ verdict }) => verdict)).toEqual([
      'fired after 54 s',
      'fired after 70 s, promised silent',
      'stayed silent, promised to fire',
    ]);
  });
  const over = { name: 'A', expected: 'fire' as const, firedAfterSeconds: 20, kept: true };
  it('puts the end of an alert, which is counted from the rollback, on the axis that begins with the method', () => {
    const reported = { rollbackAfterSeconds: 55, alerts: [{ ...over, resolvedAfterSeconds: 21 }] };
    expect(rollbackAfter(reported)).toBe(55);
    expect(alertLanes(reported).map(({ fired, resolved }) => [fired, resolved])).toEqual([[20, 76]]);
  });
  it('reads the rollback from the timeline of an older report', () => {
    const timeline = [
      { at: '2026-11-22T12:00:30.000Z', kind: 'method', text: '' },
      { at: '2026-11-22T12:01:10.000Z', kind: 'rollback', text: '' },
    ];
    const [lane] = alertLanes({ timeline, alerts: [{ ...over, resolvedAfterSeconds: 10 }] });
    expect(lane?.resolved).toBe(50);
  });
  it('draws no end where nobody knows when the rollback was', () => {
    expect(rollbackAfter(result)).toBeNull();
    expect(alertLanes({ alerts: [{ ...over, resolvedAfterSeconds: 10 }] })[0]?.resolved).toBeNull();
  });
  it('orders the timeline and counts from the start', () => {
    expect(timelineEvents(result, at).map(({ offset, text }) => [offset, text])).toEqual([
      [30, 'sooner'],
      [60, 'later'],
    ]);
  });
  it('keeps what it does not know for the generic view, and stands an empty or missing result', () => {
    expect(furtherResults(result)).toEqual([['machine', { cpus: 2 }]]);
    expect([alertLanes(null), timelineEvents({}, at), furtherResults(null)]).toEqual([[], [], []]);
  });
  it('has an axis that holds the limit too', () => {
    expect(laneEnd(alertLanes(result), null)).toBeGreaterThan(90);
    expect(laneEnd(alertLanes(result), 120)).toBeGreaterThan(120);
    expect(laneTicks(95)).toEqual([0, 15, 30, 45, 60, 75, 90]);
  });
});

it('puts messages under their days', () => {
  const now = Date.parse(at);
  const message = (id: string, receivedAt: number) => ({
    id,
    channel: 'c',
    receivedAt: new Date(receivedAt).toISOString(),
    status: 'other' as const,
    title: '',
    text: '',
    username: null,
    attachments: [],
  });
  const days = byDay(
    [
      message('1', now),
      message('2', now - 3_600_000),
      message('3', now - 86_400_000),
      message('4', now - 9 * 86_400_000),
    ],
    now,
  );
  expect(days.map(({ day, items }) => [day, items.length])).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    ['2026-11-13', 1],
  ]);
});
