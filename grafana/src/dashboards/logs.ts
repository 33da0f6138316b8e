import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as logs from '../panels/logs.ts';

/** For whoever reads logs, and for whoever wonders whether they are all there. */
export const logVolume = dashboard({
  uid: 'logs',
  title: 'Logs',
  description: 'How much is logged, by level and service, which errors, and whether every line arrives.',
  alerts: alertsFiring('alertname=~".*Log.*|ConsoleStore.*|Elasticsearch.*|FluentdDown"'),
  variables: [{ name: 'job', label: 'Service', selector: 'log_records_total', of: 'job' }],
  next: { 'on-call': 'On call', 'lab-health': 'Lab health' },
  sections: [
    section('', [logs.rate, logs.errorRate, logs.errorsShown, logs.lost, logs.behind, logs.kept]),
    section('Volume', [logs.byLevel, logs.byService, logs.errorShare, logs.services]),
    section('From the service to the search', [
      logs.pipeline,
      logs.defects,
      logs.searchable,
      { ...logs.delay, width: 8 },
      { ...logs.spans, width: 8 },
      { ...logs.lostShare, width: 8 },
    ]),
    section('Full mode: Fluentd and Elasticsearch', [
      { ...logs.fluentdBuffer, width: 8 },
      { ...logs.topErrors, width: 8 },
      { ...logs.newestErrors, width: 8 },
    ]),
  ],
});
