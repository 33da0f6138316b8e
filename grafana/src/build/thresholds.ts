import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  type AlertRule,
  type BurnRate,
  type Objective,
  readAlertRules,
  readObjectives,
  readRules,
} from '@lab/prometheus';
import { COLOR } from './colors.ts';

/** Limits are read from the rules and the objectives, so that a dashboard cannot disagree with what alerts. */
const alerts = new Map(readAlertRules(readRules()).map((alert) => [alert.name, alert]));
export const OBJECTIVES = readObjectives();

/** @throws Error for an alert that no rule file has. */
export function alert(name: string): AlertRule {
  const found = alerts.get(name);
  if (found === undefined)
    throw new Error(`expected the name of an alert in prometheus/rules, got "${name}"`);
  return found;
}

/** The number that an alert's rule compares its signal with, in the signal's unit. @throws Error where it is not one number. */
export function alertThreshold(name: string): number {
  const [signal, ...others] = alert(name).signals;
  const value = others.length === 0 ? signal?.threshold.value : undefined;
  if (value === undefined) throw new Error(`${name}: expected a threshold that is one number`);
  return value;
}

/** `2 minutes`: for how long an alert's condition holds before it fires. @throws Error where it fires at once. */
export function patience(name: string): string {
  const { forMs } = alert(name);
  if (forMs === 0) throw new Error(`${name}: expected a rule with \`for\``);
  return inMinutes(forMs / 1000);
}

/** `a minute`, `1.5 minutes`. */
export function inMinutes(seconds: number): string {
  return seconds === 60 ? 'a minute' : `${seconds / 60} minutes`;
}

/** `0.1 %` of a share. */
export function inPercent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}

/** @throws Error for an objective that prometheus/slo.yaml does not have. */
export function objective(name: string): Objective {
  const found = OBJECTIVES.objectives.find((each) => each.name === name);
  if (found === undefined) throw new Error(`expected an objective of prometheus/slo.yaml, got "${name}"`);
  return found;
}

/** Seconds within which a request must be answered to count as good. */
export function objectiveSeconds(name: string): number {
  const { thresholdSeconds } = objective(name);
  if (thresholdSeconds === undefined) throw new Error(`${name}: expected a latency objective`);
  return thresholdSeconds;
}

/** Of an error budget what is left: none, or less than a quarter, where it is time to slow down with risky changes. */
export const BUDGET = { warn: 0.25, bad: 0 };

/** @throws Error for a burn-rate alert that prometheus/slo.yaml does not have. */
export function burnRate(name: string): BurnRate {
  const found = OBJECTIVES.burnRates.find((each) => each.alert === name);
  if (found === undefined)
    throw new Error(`expected a burn-rate alert of prometheus/slo.yaml, got "${name}"`);
  return found;
}

/** From which value on which colour holds. */
export interface Step {
  from: number;
  color: string;
}

/** Good up to `warn`, worth a look up to `bad`, then bad. */
export function worseAbove({ warn, bad }: { warn?: number; bad?: number }): Step[] {
  return [
    { from: Number.NEGATIVE_INFINITY, color: COLOR.good },
    ...(warn === undefined ? [] : [{ from: warn, color: COLOR.saturation }]),
    ...(bad === undefined ? [] : [{ from: bad, color: COLOR.errors }]),
  ];
}

/** Bad below `bad`, worth a look up to `warn`, then good. */
export function worseBelow({ warn, bad }: { warn: number; bad: number }): Step[] {
  return [
    { from: Number.NEGATIVE_INFINITY, color: COLOR.errors },
    { from: bad, color: COLOR.saturation },
    { from: warn, color: COLOR.good },
  ];
}

/** Lines across a graph where less is worse, each in its own meaning's colour; a step's colour is drawn from it upwards. */
export function linesAt({ warn, bad }: { warn: number; bad: number }): Step[] {
  return [
    { from: Number.NEGATIVE_INFINITY, color: COLOR.reference },
    { from: bad, color: COLOR.errors },
    { from: warn, color: COLOR.saturation },
  ];
}

/** No verdict: one colour whatever the value. */
export function always(color: string): Step[] {
  return [{ from: Number.NEGATIVE_INFINITY, color }];
}

export function thresholds(steps: readonly Step[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(
    steps.map(({ from, color }) => ({
      value: Number.isFinite(from) ? from : null,
      color,
    })),
  );
}
