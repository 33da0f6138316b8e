/** A run in numbers, and its broken promises by name. */
import type { ConductedRun } from '../conduct.ts';

export interface RunSummary {
  experiments: number;
  promises: number;
  promisesKept: number;
  falseAlarms: number;
  /** Median over expected alerts of seconds to fire beyond the theoretical minimum; undefined where none fired. */
  medianSecondsOverMinimum: number | undefined;
  /** `name: promise: expected …, observed …` */
  broken: string[];
  inconclusive: { name: string; why: string }[];
  interrupted: string[];
}

export function summarise({ suite }: ConductedRun): RunSummary {
  const judged = suite.experiments;
  const promises = [...judged.flatMap(({ judgement }) => judgement.promises), ...suite.afterwards];
  const over = judged
    .flatMap(({ judgement }) => judgement.alerts)
    .filter(({ expected }) => expected === 'fire')
    .map(({ firedAfterSeconds: fired, theoreticalMinimumSeconds: minimum }) =>
      fired === null || minimum === null ? undefined : fired - minimum,
    )
    .filter((seconds) => seconds !== undefined);
  const stray = judged.flatMap(({ judgement }) => judgement.falseAlarms);
  return {
    experiments: judged.length,
    promises: promises.length,
    promisesKept: promises.filter(({ kept }) => kept).length,
    falseAlarms: stray.length + suite.falseAlarmsBetween.length,
    medianSecondsOverMinimum: median(over),
    broken: [
      ...judged
        .filter(({ judgement }) => judgement.verdict === 'broken')
        .flatMap(({ record, judgement }) =>
          judgement.promises
            .filter(({ kept }) => !kept)
            .map(
              ({ text, expected, observed }) =>
                `${record.experiment.name}: ${text}: expected ${expected}, ${observed}`,
            ),
        ),
      ...suite.afterwards
        .filter(({ kept }) => !kept)
        .map(({ text, expected, observed }) => `afterwards: ${text}: expected ${expected}, ${observed}`),
      ...suite.falseAlarmsBetween.map((alert) => `${alert} fired while nothing was done`),
    ],
    inconclusive: judged
      .filter(({ judgement }) => judgement.verdict === 'inconclusive')
      .map(({ record, judgement }) => ({
        name: record.experiment.name,
        why: judgement.promises[0]?.observed ?? 'not known',
      })),
    interrupted: judged
      .filter(({ judgement }) => judgement.verdict === 'interrupted')
      .map(({ record }) => record.experiment.name),
  };
}

export function verdictLines(summary: RunSummary): string[] {
  const { promises, promisesKept, falseAlarms, medianSecondsOverMinimum: median } = summary;
  const pace = median === undefined ? '' : `; alerts fire ${median.toFixed(1)} s beyond the minimum (median)`;
  return [
    '',
    `${promisesKept} of ${promises} promises kept, ${falseAlarms} false alarms${pace}`,
    ...summary.interrupted.map((name) => `${name} was interrupted and rolled back`),
  ];
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}
