import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as panels from '../panels/experiments.ts';

/** For whoever runs `make chaos` or a game day: cause, effect on users, alert, message, one below the other. */
export const experiments = dashboard({
  uid: 'experiments',
  title: 'Experiments',
  description: 'What was broken on purpose, what users noticed, which alerts fired and whether they arrived.',
  alerts: alertsFiring(),
  next: { 'on-call': 'On call', application: 'Application' },
  sections: [
    section('', [
      panels.running,
      panels.faults,
      panels.alertsNow,
      panels.messages,
      panels.userErrors,
      panels.userLatency,
    ]),
    section('Cause', [panels.timeline, panels.faultTimeline]),
    section('Effect', [panels.impact, panels.impactLatency]),
    section('Alarm', [
      panels.alerts,
      { ...panels.firedAlerts, width: 8 },
      { ...panels.inbox, width: 8 },
      { ...panels.deadMan, width: 8 },
    ]),
  ],
});
