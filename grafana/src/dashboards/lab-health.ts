import { alertsFiring } from '../build/annotations.ts';
import { dashboard, folded, section } from '../build/dashboard.ts';
import * as alerting from '../panels/alerting.ts';
import * as parts from '../panels/parts.ts';
import * as prometheus from '../panels/prometheus.ts';
import * as telemetry from '../panels/telemetry.ts';

/** For whoever wonders whether the lab itself can be trusted: every part, and everything that watches. */
export const labHealth = dashboard({
  uid: 'lab-health',
  title: 'Lab health',
  description:
    'Every part of the lab: up or not, its memory, its scrapes; Prometheus, Alertmanager, logs and traces themselves.',
  alerts: alertsFiring('service!~"taskmanager-.+"', 'database-stopped'),
  next: { 'on-call': 'On call', logs: 'Logs', nodejs: 'Node.js' },
  sections: [
    section('', [
      parts.partsUp,
      alerting.watchdog,
      prometheus.ruleFailures,
      parts.memoryOfLab,
      prometheus.series,
      prometheus.samples,
    ]),
    section('Parts', [parts.parts, parts.probes, parts.memory, parts.cpu]),
    section('Scrapes', [prometheus.scrapes, parts.probeDurations]),
    section('Prometheus', [
      prometheus.seriesByPart,
      prometheus.storage,
      prometheus.evaluation,
      prometheus.queries,
      prometheus.retained,
      parts.exporter,
    ]),
    section('Alerting', [
      alerting.notifications,
      alerting.delivery,
      alerting.configuration,
      prometheus.exemplars,
    ]),
    section('Traces and the console’s store', [telemetry.spans, telemetry.store]),
    folded('Instrumentation, and what only the profile host has', [
      { ...telemetry.instrumentation, width: 8 },
      { ...parts.containers, width: 8 },
      { ...parts.machine, width: 8 },
    ]),
  ],
});
