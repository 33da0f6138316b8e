import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as load from '../panels/load.ts';

/** For whoever runs `make load`: what was sent, what came back, what it cost, and where the limit is. */
export const loadTest = dashboard({
  uid: 'load-test',
  title: 'Load test',
  description: 'A load test from both ends: what the generator sent and got, and what the lab made of it.',
  alerts: alertsFiring(),
  next: { application: 'Application', slo: 'SLO', nodejs: 'Node.js' },
  from: 'now-15m',
  sections: [
    section('', [load.sent, load.failed, load.p95, load.dropped, load.people, load.journeys]),
    section('Requests', [load.requests, load.latency, load.answers, load.routes]),
    section('Limits', [load.journeysAndDropped, load.objectives, load.cost, load.transfer]),
  ],
});
