/** Figures for README out of reports: the newest run of every experiment, and how often the core suite ended alike. */
import { readAlerts } from '@lab/prometheus';
import type { RunReport } from './run-report.ts';

/** A run of at least so many experiments is one of all. */
const ALL = 30;

/**
 * @param reports newest first.
 * @param core names of the core suite: part of every run of all.
 * @throws Error where a run is missing that a figure is taken from.
 */
export function figuresFrom(reports: readonly RunReport[], core: readonly string[]): Record<string, number> {
  const all = reports.find(({ experiments }) => experiments.length >= ALL);
  const withCore = reports.filter(({ experiments }) => {
    const names = new Set(experiments.map(({ name }) => name));
    return core.every((name) => names.has(name));
  });
  const alone = withCore.find(({ experiments }) => experiments.length === core.length);
  if (!all) throw new Error('there is no report of every experiment: run `make chaos SUITE=all` first');
  if (!alone) throw new Error('there is no report of the core suite: run `make chaos` first');
  const alerts = readAlerts();
  const { summary } = all;
  return {
    experiments: summary.experiments,
    promises: summary.promises,
    promises_kept: summary.promisesKept,
    alerts_covered: coveredBy(all).size,
    alerts_total: alerts.length,
    alerts_of_this_mode: alerts.filter(({ mode }) => mode === undefined || mode === all.mode).length,
    median_seconds_over_minimum: Number((summary.medianSecondsOverMinimum ?? Number.NaN).toFixed(1)),
    false_alarms: summary.falseAlarms,
    minutes_all: minutes(all),
    minutes_core: minutes(alone),
    runs_same_verdict: alike(withCore, core),
  };
}

/** Alerts that were expected, fired, arrived and resolved as promised. */
function coveredBy({ experiments }: RunReport): Set<string> {
  const kept = experiments.flatMap(({ alerts }) =>
    alerts.filter(
      ({ expected, firedAfterSeconds, kept: each }) =>
        expected === 'fire' && firedAfterSeconds !== null && each,
    ),
  );
  return new Set(kept.map(({ name }) => name));
}

/** How many of the newest runs in a row have, for the core suite, the verdicts of the newest. */
function alike(runs: readonly RunReport[], core: readonly string[]): number {
  const verdicts = ({ experiments }: RunReport) =>
    core.map((name) => experiments.find((each) => each.name === name)?.verdict).join(' ');
  const first = runs.findIndex((run) => verdicts(run) !== verdicts(runs[0] ?? run));
  return first === -1 ? runs.length : first;
}

function minutes({ startedAt, endedAt }: RunReport): number {
  return Number(((Date.parse(endedAt) - Date.parse(startedAt)) / 60_000).toFixed(1));
}
