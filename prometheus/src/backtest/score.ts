import type { Firing } from './judge.ts';
import type { AlertName, Anomaly } from './traffic.ts';

export interface Score {
  /** Anomalies that there were, and those that an alert fired for. */
  anomalies: number;
  found: number;
  /** Times an alert fired, and those that no anomaly explains. */
  alarms: number;
  falseAlarms: number;
}

/** An alarm that ends and comes back within this many minutes is one. */
const GAP = 5;
/** The windows let go of an anomaly only so many minutes after its end: an alarm in them is late, not false; it counts as found no more. */
const AFTERMATH = 10;

/** Compares when alerts fired with what was there to find. */
export function score(anomalies: readonly Anomaly[], firing: Firing): Score {
  const result: Score = { anomalies: anomalies.length, found: 0, alarms: 0, falseAlarms: 0 };
  for (const [alert, minutes] of firing) {
    const own = anomalies.filter((anomaly) => anomaly.alert === alert);
    result.found += own.filter(({ start, end }) =>
      minutes.some((minute) => minute >= start && minute <= end + 1),
    ).length;
    const alarms = episodes(minutes);
    result.alarms += alarms.length;
    result.falseAlarms += alarms.filter((alarm) => !explained(alarm, own)).length;
  }
  return result;
}

export function addScores(scores: readonly Score[]): Score {
  return scores.reduce((sum, each) => ({
    anomalies: sum.anomalies + each.anomalies,
    found: sum.found + each.found,
    alarms: sum.alarms + each.alarms,
    falseAlarms: sum.falseAlarms + each.falseAlarms,
  }));
}

/** Share of alarms that were right; 1 when there was none. */
export function precision({ alarms, falseAlarms }: Score): number {
  return alarms === 0 ? 1 : (alarms - falseAlarms) / alarms;
}

/** Share of anomalies that were found; 1 when there was none. */
export function recall({ anomalies, found }: Score): number {
  return anomalies === 0 ? 1 : found / anomalies;
}

interface Episode {
  first: number;
  last: number;
}

function episodes(minutes: readonly number[]): Episode[] {
  const result: Episode[] = [];
  for (const minute of minutes) {
    const current = result.at(-1);
    if (current !== undefined && minute - current.last <= GAP) current.last = minute;
    else result.push({ first: minute, last: minute });
  }
  return result;
}

function explained({ first, last }: Episode, anomalies: readonly Anomaly[]): boolean {
  return anomalies.some(({ start, end }) => last >= start && first <= end + AFTERMATH);
}

/** Anomalies of one kind, for a closer look at what was missed. */
export function missed(anomalies: readonly Anomaly[], firing: Firing, alert: AlertName): Anomaly[] {
  const minutes = firing.get(alert) ?? [];
  return anomalies.filter(
    (anomaly) =>
      anomaly.alert === alert &&
      !minutes.some((minute) => minute >= anomaly.start && minute <= anomaly.end + 1),
  );
}
