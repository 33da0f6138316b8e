import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as alerts from '../panels/alerts.ts';

/** For whoever was just woken: what is wrong, since when, where to look. Symptoms first, causes below. */
export const onCall = dashboard({
  uid: 'on-call',
  title: 'On call',
  description:
    'What is wrong right now: symptoms first, then causes. Everything leads to a runbook, a log line or a trace.',
  alerts: alertsFiring(),
  next: { application: 'Application', database: 'Database', logs: 'Logs', 'lab-health': 'Lab health' },
  sections: [
    section('', [
      alerts.critical,
      alerts.warning,
      alerts.partsDown,
      alerts.edgeErrors,
      alerts.edgeLatency,
      alerts.traffic,
    ]),
    section('What fires', [alerts.firing, alerts.alertHistory]),
    section('Symptoms', [alerts.edgeTraffic, alerts.edgeDurations]),
    section('Causes', [alerts.partsUp, alerts.probes, alerts.saturation, alerts.causes]),
    section('On purpose, and what is left', [
      { ...alerts.onPurpose, width: 16, height: 5 },
      { ...alerts.pace, height: 5 },
      { ...alerts.budgetLeft, height: 5 },
    ]),
  ],
});
