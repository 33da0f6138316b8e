import { findTool } from '../tools/find-tool.ts';
import { firingMinutes } from './judge.ts';
import { addScores, missed, precision, recall, type Score, score } from './score.ts';
import { generateTraffic } from './traffic.ts';

/** Weeks of days would be better, minutes of computing are enough: six times two days. */
const SEEDS = [1, 2, 3, 4, 5, 6];

/** Judges generated traffic with the repository's rules; `report` hears of each run. */
export async function backtest(
  promtool: string,
  report: (line: string) => void,
  seeds: readonly number[] = SEEDS,
): Promise<Score> {
  const scores: Score[] = [];
  for (const seed of seeds) {
    const traffic = generateTraffic(seed);
    const firing = await firingMinutes(traffic, promtool);
    const result = score(traffic.anomalies, firing);
    scores.push(result);
    const lost = (['RequestRateAnomaly', 'LatencyAnomaly'] as const).flatMap((alert) =>
      missed(traffic.anomalies, firing, alert).map(({ factor }) => `${alert} × ${factor.toFixed(2)}`),
    );
    report(
      `seed ${seed}: ${result.found} of ${result.anomalies} found, ${result.falseAlarms} of ${result.alarms} alarms false; missed: ${lost.join(', ') || 'none'}`,
    );
  }
  return addScores(scores);
}

if (import.meta.main) {
  const total = await backtest(findTool('promtool'), (line) => console.error(line));
  console.log(JSON.stringify({ ...total, precision: precision(total), recall: recall(total) }));
}
