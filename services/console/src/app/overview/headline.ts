/** The lab's state in one sentence: what an on-call engineer wants to know before anything else. */
import type { Overview } from '../../contract/overview.ts';
import { isWatchdog } from '../alerts/severity.ts';

export interface Headline {
  tone: 'ok' | 'warning' | 'critical' | 'unknown';
  title: string;
  /** What the title is made of, most important first. */
  facts: string[];
}

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export function headline(overview: Overview): Headline {
  const { alerts, parts, partsSource } = overview;
  const down = parts.filter((part) => part.state === 'down');
  const facts: string[] = [];
  if (partsSource.status === 'known') {
    const up = parts.filter((part) => part.state === 'up').length;
    facts.push(`${up} of ${parts.length} parts up`);
  } else facts.push('state of the parts unknown');
  if (alerts.status === 'unknown') return { tone: 'unknown', title: 'Alerts unknown', facts };
  const real = alerts.value.filter((alert) => !isWatchdog(alert.labels));
  const firing = real.filter((alert) => alert.state === 'firing');
  const pending = real.length - firing.length;
  const critical = firing.filter((alert) => alert.severity === 'critical').length;
  if (pending > 0) facts.unshift(`${plural(pending, 'alert')} pending`);
  if (firing.length > 0) {
    const title = critical > 0 ? plural(critical, 'critical alert') : plural(firing.length, 'alert');
    if (critical > 0 && firing.length > critical) facts.unshift(`${firing.length - critical} more firing`);
    return { tone: critical > 0 ? 'critical' : 'warning', title: `${title} firing`, facts };
  }
  if (down.length > 0)
    return { tone: 'warning', title: `${plural(down.length, 'part')} down, no alert yet`, facts };
  if (partsSource.status === 'unknown')
    return { tone: 'unknown', title: 'No alerts, but parts unknown', facts };
  return { tone: 'ok', title: 'All quiet', facts: ['no alerts firing', ...facts] };
}
