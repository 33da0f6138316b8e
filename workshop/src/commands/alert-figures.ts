/** `workshop alert-figures`: docs/figures/alerts.json, from the rules and their tests, and from a lab that was calm under load. */
import type { Command } from '@lab/cli';
import { alertCoverage, backtest, findTool, precision, readAlerts, recall } from '@lab/prometheus';
import { measureCalm } from '../figures/calm.ts';
import { round, writeFigures } from '../figures/figures-file.ts';

const CALM_MINUTES = 10;

export const alertFigures: Command = {
  name: 'alert-figures',
  summary: 'count alerts, their tests and false alarms, and write docs/figures/alerts.json',
  options: {
    'calm-from': {
      kind: 'value',
      summary: 'address of the Prometheus of a lab under load; without it, its figure stays as it was',
    },
  },
  async run({ paths, output, options }) {
    const rules = readAlerts();
    const alerts = rules.map(({ name }) => name);
    // The Watchdog has nothing to be tested but that it fires.
    const tested = alerts.filter(
      (name) =>
        alertCoverage(name).length === 4 || (name === 'Watchdog' && alertCoverage(name).includes('fires')),
    );
    const figures: Record<string, number> = {
      alerts: alerts.length,
      alerts_with_three_tests: tested.length,
      runbooks: new Set(rules.map(({ runbookUrl }) => runbookUrl)).size,
    };
    const calmFrom = options['calm-from'];
    if (typeof calmFrom === 'string') {
      const calm = await measureCalm(calmFrom, CALM_MINUTES);
      output.progress(
        `${CALM_MINUTES} minutes at ${calm.requestsPerSecond.toFixed(1)} requests a second: ${calm.falseAlarms.join(', ') || 'nothing fired'}`,
      );
      figures['false_alarms_calm_10min'] = calm.falseAlarms.length;
    }
    const total = await backtest(findTool('promtool'), output.progress);
    figures['anomaly_precision'] = round(precision(total), 2);
    figures['anomaly_recall'] = round(recall(total), 2);
    const command = 'node workshop/src/main.ts alert-figures';
    output.result(await writeFigures(paths.root, 'alerts', { command, figures }));
  },
};
