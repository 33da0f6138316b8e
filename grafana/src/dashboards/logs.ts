import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as pipeline from '../panels/log-pipeline.ts';
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
    section('', [logs.rate, logs.errorRate, logs.errorsShown, pipeline.lost, pipeline.behind, pipeline.kept]),
    section('Volume', [logs.byLevel, logs.byService, logs.errorShare, logs.services]),
    section('From the service to the search', [
      pipeline.pipeline,
      pipeline.defects,
      pipeline.searchable,
      { ...pipeline.delay, width: 8 },
      { ...pipeline.spans, width: 8 },
      { ...pipeline.lostShare, width: 8 },
    ]),
    section('Full mode: Fluentd and Elasticsearch', [
      { ...pipeline.fluentdBuffer, width: 8 },
      { ...logs.topErrors, width: 8 },
      { ...logs.newestErrors, width: 8 },
    ]),
  ],
});
