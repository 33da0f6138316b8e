import { alertsFiring } from '../build/annotations.ts';
import { dashboard, folded, section } from '../build/dashboard.ts';
import * as lab from '../panels/lab.ts';

/** For whoever wonders whether the lab itself can be trusted: every part, and everything that watches. */
export const labHealth = dashboard({
  uid: 'lab-health',
  title: 'Lab health',
  description:
    'Every part of the lab: up or not, its memory, its scrapes; Prometheus, Alertmanager, logs and traces themselves.',
  alerts: alertsFiring('service!~"taskmanager-.+"', 'database-stopped'),
  next: { 'on-call': 'On call', logs: 'Logs', nodejs: 'Node.js' },
  sections: [
    section('', [lab.partsUp, lab.watchdog, lab.ruleFailures, lab.memoryOfLab, lab.series, lab.samples]),
    section('Parts', [lab.parts, lab.probes, lab.memory, lab.cpu]),
    section('Scrapes', [lab.scrapes, lab.probeDurations]),
    section('Prometheus', [
      lab.seriesByPart,
      lab.storage,
      lab.evaluation,
      lab.queries,
      lab.retained,
      lab.exporter,
    ]),
    section('Alerting', [lab.notifications, lab.delivery, lab.configuration, lab.exemplars]),
    section('Traces and the console’s store', [lab.spans, lab.store]),
    folded('Instrumentation, and what only the profile host has', [
      { ...lab.instrumentation, width: 8 },
      { ...lab.containers, width: 8 },
      { ...lab.machine, width: 8 },
    ]),
  ],
});
