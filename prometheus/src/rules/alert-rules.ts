/** What the alert rules say of themselves: signal, comparison, threshold, windows and times, read from the rules and nothing else. */
import { type Alert, readAlerts } from '../alerts/read-alerts.ts';
import { parseDuration } from '../duration.ts';
import { NotPromql } from '../promql/syntax.ts';
import { type Comparison, type Condition, type Leaf, leavesOf, readCondition } from './condition.ts';
import { RuleBook } from './rule-book.ts';

/** An alert rule, read. */
export interface AlertRule extends Alert {
  /** The expression as a tree; one presence where it is written in a PromQL that this grammar does not know. */
  condition: Condition;
  /** Its comparisons and presences, from left to right. */
  leaves: readonly Leaf[];
  /** The comparisons that give the alert its value, as a chart draws them. */
  signals: readonly Comparison[];
  /** The ranges that its signals look at, longest first, such as `5m`; where they have none, those of its conditions. */
  windows: readonly string[];
  /** How long the expression must hold, and how long the alert outlives it, milliseconds. */
  forMs: number;
  keepFiringForMs: number;
  /** How much past the rule needs before it can fire as it should, milliseconds: what its expression reads, and `for`. */
  pastMs: number;
}

/**
 * Reads every alert rule, in the order of documents. Texts that were scaled before give the signals, thresholds and times of the faster lab.
 * @param rules texts of rules files by name, recording rules included: signals are followed through them.
 * @throws Error that names the file where one is no rules file of Prometheus's.
 */
export function readAlertRules(rules: ReadonlyMap<string, string>): AlertRule[] {
  const book = new RuleBook(rules);
  return readAlerts(rules).map((alert) => readAlertRule(alert, book));
}

/** Reads one alert. @param book holds the recording rules whose series it may read. */
export function readAlertRule(alert: Alert, book: RuleBook): AlertRule {
  const forMs = parseDuration(alert.for ?? '0');
  const times = { forMs, keepFiringForMs: parseDuration(alert.keepFiringFor ?? '0') };
  try {
    const condition = readCondition(alert.expr);
    const leaves = leavesOf(condition);
    const signals = leaves
      .filter(({ role }) => role === 'signal')
      .filter((leaf) => leaf.kind === 'comparison');
    const ownWindows = signals.flatMap(({ signal }) => book.windowsOf(signal));
    const windows = ownWindows.length > 0 ? ownWindows : book.windowsOf(alert.expr);
    const pastMs = book.reachMs(alert.expr) + forMs;
    return { ...alert, ...times, condition, leaves, signals, windows: [...new Set(windows)], pastMs };
  } catch (error) {
    if (!(error instanceof NotPromql)) throw error;
    const condition = { kind: 'presence', promql: alert.expr } as const;
    return {
      ...alert,
      ...times,
      condition,
      leaves: leavesOf(condition),
      signals: [],
      windows: [],
      pastMs: forMs,
    };
  }
}
