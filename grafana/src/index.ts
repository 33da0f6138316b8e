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
export { type Unused, unusedMetrics } from './catalogue/unused.ts';
export { metricUses, type Uses } from './catalogue/uses.ts';
export { DASHBOARDS } from './dashboards.ts';
export { type Circumstances, checkDashboards, type Verdict } from './gate/check.ts';
export { complaints } from './gate/complaints.ts';
export { experimentsWaitedFor, type Filled, type FilledOptions, filledBy } from './gate/filled.ts';
export { type Promised, promisesOf } from './gate/promises.ts';
export { fullAge } from './gate/situation.ts';
