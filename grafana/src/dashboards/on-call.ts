import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as alerts from '../panels/alerts.ts';
import * as causes from '../panels/causes.ts';
import * as symptoms from '../panels/symptoms.ts';

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
      causes.partsDown,
      symptoms.edgeErrors,
      symptoms.edgeLatency,
      symptoms.traffic,
    ]),
    section('What fires', [alerts.firing, alerts.alertHistory]),
    section('Symptoms', [symptoms.edgeTraffic, symptoms.edgeDurations]),
    section('Causes', [causes.partsUp, causes.probes, causes.saturation, causes.causes]),
    section('On purpose, and what is left', [
      { ...causes.onPurpose, width: 16, height: 5 },
      { ...symptoms.pace, height: 5 },
      { ...symptoms.budgetLeft, height: 5 },
    ]),
  ],
});
