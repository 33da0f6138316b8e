/** Figures for README out of reports: the newest run of each experiment, and how often the core suite ended alike. */
import { median, type ReportedExperiment, type RunReport } from '@lab/cli';
import { readAlerts } from '@lab/prometheus';

/** A run of at least so many experiments is one of all: its duration is a figure. */
const ALL = 30;

/**
 * @param reports newest first.
 * @param core names of the core suite: part of every run of all.
 * @param known every experiment there is: others are no longer.
 * @throws Error where a run is missing that a figure is taken from.
 */
export function figuresFrom(
  reports: readonly RunReport[],
  { core, known }: { core: readonly string[]; known: readonly string[] },
): Record<string, number> {
  const all = reports.find(({ experiments }) => experiments.length >= ALL);
  const withCore = reports.filter(({ experiments }) => {
    const names = new Set(experiments.map(({ name }) => name));
    return core.every((name) => names.has(name));
  });
  const alone = withCore.find(({ experiments }) => experiments.length === core.length);
  if (!all) throw new Error('there is no report of every experiment: run `make chaos SUITE=all` first');
  if (!alone) throw new Error('there is no report of the core suite: run `make chaos` first');
  const newest = newestOfEach(reports).filter(({ name }) => known.includes(name));
  const promises = newest.flatMap((each) => each.promises);
  const alerts = readAlerts();
  return {
    experiments: newest.length,
    promises: promises.length,
    promises_kept: promises.filter(({ kept }) => kept).length,
    alerts_covered: coveredBy(newest).size,
    alerts_total: alerts.length,
    alerts_of_this_mode: alerts.filter(({ mode }) => mode === undefined || mode === all.mode).length,
    median_seconds_over_minimum: Number((median(newest.flatMap(secondsOver)) ?? Number.NaN).toFixed(1)),
    false_alarms: newest.flatMap((each) => each.falseAlarms).length,
    minutes_all: minutes(all),
    minutes_core: minutes(alone),
    runs_same_verdict: alike(withCore, core),
  };
}

/** One that was not begun or was interrupted says nothing. */
export function newestOfEach(reports: readonly RunReport[]): ReportedExperiment[] {
  const newest = new Map<string, ReportedExperiment>();
  for (const { experiments } of reports)
    for (const each of experiments)
      if ((each.verdict === 'kept' || each.verdict === 'broken') && !newest.has(each.name))
        newest.set(each.name, each);
  return [...newest.values()];
}

function secondsOver({ alerts }: ReportedExperiment): number[] {
  return alerts.flatMap(({ expected, firedAfterSeconds: fired, theoreticalMinimumSeconds: minimum }) =>
    expected !== 'fire' || fired === null || minimum === null ? [] : [fired - minimum],
  );
}

/** Alerts that were expected, fired, arrived and resolved as promised. */
function coveredBy(experiments: readonly ReportedExperiment[]): Set<string> {
  const kept = experiments.flatMap(({ alerts }) =>
    alerts.filter((each) => each.expected === 'fire' && each.firedAfterSeconds !== null && each.kept),
  );
  return new Set(kept.map(({ name }) => name));
}

/** Counts how many of the newest runs in a row have, for the core suite, the verdicts of the newest. */
function alike(runs: readonly RunReport[], core: readonly string[]): number {
  const verdicts = ({ experiments }: RunReport) =>
    core.map((name) => experiments.find((each) => each.name === name)?.verdict).join(' ');
  const first = runs.findIndex((run) => verdicts(run) !== verdicts(runs[0] ?? run));
  return first === -1 ? runs.length : first;
}

function minutes({ startedAt, endedAt }: RunReport): number {
  return Number(((Date.parse(endedAt) - Date.parse(startedAt)) / 60_000).toFixed(1));
}
