/** What planning knows of experiments and of the lab, gathered once before a run: from the manifest, the rules and the experiments' files. */
import type { Experiment } from '../experiment/schema.ts';

export interface Facts {
  /** Parts that an experiment acts on. */
  touches(experiment: Experiment): readonly string[];
  /** Parts that a part cannot do without, directly or through others. */
  needs(part: string): readonly string[];
  /** Parts that expose what an alert's rule reads; undefined where that is not known. */
  seenThrough(alert: string): readonly string[] | undefined;
  /** Whether one alert, firing, may keep back messages about another. */
  inhibits(source: string, target: string): boolean;
  /** Whether an alert tells that the promise to users is being broken. */
  spendsBudget(alert: string): boolean;
  /** How long a method is expected to last, wall-clock milliseconds. */
  expectedMs(experiment: Experiment): number;
}

/** Alerts that an experiment promises or allows. */
export function namedAlerts({ alerts: { must, may } }: Experiment): string[] {
  return [...must.map(({ alert }) => alert), ...may.flatMap(({ alerts }) => alerts)];
}

/** Alerts whose messages an experiment waits for. */
export function deliveredAlerts({ alerts: { must } }: Experiment): string[] {
  return must.filter(({ inbox }) => inbox !== 'hidden').map(({ alert }) => alert);
}

export function promisedAlerts({ alerts: { must } }: Experiment): string[] {
  return must.map(({ alert }) => alert);
}
