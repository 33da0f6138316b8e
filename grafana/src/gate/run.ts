/**
 * Checks the dashboards on a running lab: `npm run gate -w @lab/grafana -- --prometheus URL [--loaded] [--experiment NAME]`.
 * Exit status: 0 every promise held, 1 one was broken, 2 wrong usage or no Prometheus.
 */
import { parseArgs } from 'node:util';
import { DASHBOARDS } from '../dashboards.ts';
import { checkDashboards } from './check.ts';
import { complaints } from './complaints.ts';

try {
  const { values } = parseArgs({
    options: {
      prometheus: { type: 'string', default: 'http://127.0.0.1:9090' },
      loaded: { type: 'boolean', default: false },
      experiment: { type: 'string' },
    },
  });
  const { experiment } = values;
  const verdict = await checkDashboards(values.prometheus, DASHBOARDS, {
    loaded: values.loaded,
    ...(experiment !== undefined && { experiment }),
  });
  const { standsIn, minutesOfTraffic, panels, panelsWithData, queries, metricsExposed } = verdict;
  const wrong = complaints(verdict);
  for (const complaint of wrong) console.log(complaint);
  console.error(
    `${standsIn ? 'the console stands in for tools' : 'tools of their own'}, ${Math.floor(minutesOfTraffic)} minutes of traffic: ${queries} queries, ${panelsWithData} of ${panels} panels show data, ${metricsExposed} metrics exposed; ${wrong.length} complaints`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
