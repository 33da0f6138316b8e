/**
 * Measures `docs/figures/dashboards.json` on a running lab in lite mode after `make load`: `npm run figures -w @lab/grafana -- URL [EXPERIMENT]`.
 * With an experiment that has just run, what it fills is held to data, too. Exit status: 0 written, 1 the gate is shut, 2 no Prometheus.
 */
import { writeFigures } from '@lab/prometheus';
import { DASHBOARDS } from '../dashboards.ts';
import { checkDashboards } from '../gate/check.ts';
import { complaints } from '../gate/complaints.ts';

const [url = 'http://127.0.0.1:9090', experiment] = process.argv.slice(2);
try {
  const verdict = await checkDashboards(url, DASHBOARDS, {
    loaded: true,
    ...(experiment !== undefined && { experiment }),
  });
  const wrong = complaints(verdict);
  for (const complaint of wrong) console.error(complaint);
  const { dashboards, panels, panelsWithData, queries, failing, metricsExposed, unaccounted } = verdict;
  const path = writeFigures('dashboards', 'npm run figures -w @lab/grafana', {
    dashboards,
    panels,
    panels_with_data: panelsWithData,
    queries,
    queries_failing: failing.length,
    metrics_exposed: metricsExposed,
    metrics_unused_unlisted: unaccounted.length,
  });
  console.log(path);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
