import { parseArgs } from 'node:util';
import { readAlerts } from '../alerts/read-alerts.ts';
import { backtest } from '../backtest/run.ts';
import { precision, recall } from '../backtest/score.ts';
import { alertCoverage } from '../rule-tests/coverage.ts';
import { findTool } from '../tools/find-tool.ts';
import { measureCalm } from './calm.ts';
import { writeFigures } from './write-figures.ts';

/**
 * Measures `docs/figures/alerts.json`. With `--calm-from URL` also how many alerts fired in the last ten minutes of a lab under load;
 * without it that figure stays as it was.
 */
const { values } = parseArgs({ options: { 'calm-from': { type: 'string' } } });
const say = (line: string) => console.error(line);

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
const calmFrom = values['calm-from'];
if (calmFrom !== undefined) {
  const calm = await measureCalm(calmFrom, 10);
  say(
    `ten minutes at ${calm.requestsPerSecond.toFixed(1)} requests a second: ${calm.falseAlarms.join(', ') || 'nothing fired'}`,
  );
  figures['false_alarms_calm_10min'] = calm.falseAlarms.length;
}
const total = await backtest(findTool('promtool'), say);
figures['anomaly_precision'] = round(precision(total));
figures['anomaly_recall'] = round(recall(total));
console.log(writeFigures('alerts', 'npm run figures -w @lab/prometheus', figures));

function round(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}
