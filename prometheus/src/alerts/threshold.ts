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

/** The longest range the expression looks back over, and how long it must hold: `5m, for 2m`. */
export function stateWindow(alert: Alert): string {
  const [range] = rangesOf(alert.expr);
  const long =
    /slo:burn_rate:rate(\w+)/.exec(alert.expr)?.[1] ?? /:rate(\d+m)\b/.exec(alert.expr)?.[1] ?? range;
  return [long ?? 'now', alert.for === undefined ? 'at once' : `for ${alert.for}`].join(', ');
}
