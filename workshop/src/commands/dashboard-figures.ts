/** `workshop dashboard-figures`: docs/figures/dashboards.json, of a running lab in lite mode after `make load`. */
import { CannotRun, type Command, describeError, PromiseBroken } from '@lab/cli';
import { checkDashboards, complaints, DASHBOARDS } from '@lab/grafana';
import { writeFigures } from '../figures/figures-file.ts';

export const dashboardFigures: Command = {
  name: 'dashboard-figures',
  summary: 'run every query of the dashboards on a loaded lab, and write docs/figures/dashboards.json',
  options: {
    prometheus: { kind: 'value', summary: 'its address; default http://127.0.0.1:9090' },
    experiment: { kind: 'value', summary: 'which has just run: what it fills is held to data, too' },
  },
  async run({ paths, output, options: { prometheus, experiment } }) {
    const url = typeof prometheus === 'string' ? prometheus : 'http://127.0.0.1:9090';
    const circumstances = { loaded: true, ...(typeof experiment === 'string' && { experiment }) };
    const verdict = await checkDashboards(url, DASHBOARDS, circumstances).catch((cause: unknown) => {
      throw new CannotRun(describeError(cause), { cause });
    });
    const { dashboards, panels, panelsWithData, queries, failing, metricsExposed, unaccounted } = verdict;
    const path = await writeFigures(paths.root, 'dashboards', {
      command: 'node workshop/src/main.ts dashboard-figures',
      figures: {
        dashboards,
        panels,
        panels_with_data: panelsWithData,
        queries,
        queries_failing: failing.length,
        metrics_exposed: metricsExposed,
        metrics_unused_unlisted: unaccounted.length,
      },
    });
    output.result(path);
    const wrong = complaints(verdict);
    if (wrong.length > 0) throw new PromiseBroken(wrong.join('\n'));
  },
};
