import { expect, it } from 'vitest';
import type { Alert } from '../../src/contract/alerts.ts';
import { byUrgency } from '../../src/server/alerts/active-alerts.ts';

const alert = (name: string, state: Alert['state'], severity: string | null, minute: number): Alert => ({
  name,
  state,
  severity,
  labels: {},
  annotations: {},
  summary: null,
  description: null,
  activeAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  value: '1',
  runbook: null,
  dashboardUrl: null,
  delivery: { status: 'unknown', reason: '' },
});

it('lists firing alerts before pending ones, then the most severe, then the newest', () => {
  const alerts = [
    alert('pending critical', 'pending', 'critical', 9),
    alert('homegrown', 'firing', 'page', 8),
    alert('info', 'firing', 'info', 7),
    alert('older warning', 'firing', 'warning', 1),
    alert('newer warning', 'firing', 'warning', 2),
    alert('critical', 'firing', 'critical', 0),
  ];
  expect(alerts.toSorted(byUrgency).map(({ name }) => name)).toEqual([
    'critical',
    'newer warning',
    'older warning',
    'info',
    'homegrown',
    'pending critical',
  ]);
});
