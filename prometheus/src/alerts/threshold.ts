import { rangesOf } from '../scale/ranges.ts';
import type { Alert } from './read-alerts.ts';

/**
 * The threshold as the alert's own description states it (`(threshold 5%, for 2m)`), with the direction of its first comparison: `> 5%`.
 * A test holds the text against the expression. Undefined where there is none to state.
 */
export function stateThreshold(alert: Alert): string | undefined {
  const stated = statedThreshold(alert);
  if (stated === undefined) return undefined;
  if (stated.includes(TEMPLATE)) return 'outside the learned band';
  if (!/^\d/.test(stated)) return stated;
  const [, operator] = /[^=](>=|>|<|==) /.exec(alert.expr) ?? [];
  return `${operator?.startsWith('>') ? operator : '<'} ${stated}`;
}

const TEMPLATE = '…';

/** What stands behind `threshold` in the description, its own templates as `…`. */
export function statedThreshold({ description }: Alert): string | undefined {
  const text = description.replaceAll(/\{\{.*?\}\}/g, TEMPLATE);
  const stated = /threshold ([^;)]*?)(?:, for [^;)]*)?[;)]/.exec(text)?.[1];
  return stated === 'none' ? undefined : stated;
}

/**
 * The threshold as a number in the unit of the alert's expression: 0.05 for 5%, 0.2 for 200ms, 300 for 5m. Undefined where it is not one
 * number. For dashboards and load tests, which draw and judge by it.
 */
export function thresholdValue(alert: Alert): number | undefined {
  const [, number, unit = ''] = /^(?:below )?([\d.]+)(%|ms|s|m)?/.exec(statedThreshold(alert) ?? '') ?? [];
  if (number === undefined) return undefined;
  return Number((Number(number) * (UNITS[unit] ?? 1)).toPrecision(6));
}

const UNITS: Readonly<Record<string, number>> = { '%': 0.01, ms: 0.001, s: 1, m: 60 };

/** The longest range the expression looks back over, how long it must hold, and how long the alert outlives it: `5m, for 2m, kept 5m`. */
export function stateWindow(alert: Alert): string {
  const [range] = rangesOf(alert.expr);
  const long =
    /slo:burn_rate:rate(\w+)/.exec(alert.expr)?.[1] ?? /:rate(\d+m)\b/.exec(alert.expr)?.[1] ?? range;
  const kept = alert.keepFiringFor === undefined ? [] : [`kept ${alert.keepFiringFor}`];
  return [long ?? 'now', alert.for === undefined ? 'at once' : `for ${alert.for}`, ...kept].join(', ');
}
