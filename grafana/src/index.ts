/**
 * Dashboards as code: what each shows (`dashboards/`, `panels/`), how that becomes Grafana's JSON (`build/`), and the gate that runs every
 * query on a live Prometheus (`gate/`). Grafana and the console read the generated files without this package.
 */

export {
  DOCUMENTED_METRICS,
  type RecordedMetric,
  recordedMetrics,
  usedToolMetrics,
  whyNotRecorded,
} from './catalogue/tool-metrics.ts';
export { unusedMetrics } from './catalogue/unused.ts';
export { metricUses } from './catalogue/uses.ts';
export { DASHBOARDS } from './dashboards.ts';
export { checkDashboards } from './gate/check.ts';
export { complaints } from './gate/complaints.ts';
export { experimentsWaitedFor, filledBy } from './gate/filled.ts';
export { promisesOf } from './gate/promises.ts';
export { fullAge } from './gate/situation.ts';
