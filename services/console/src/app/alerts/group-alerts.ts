import type { Alert } from '../../contract/alerts.ts';
import { isWatchdog } from './severity.ts';

export interface AlertGroup {
  title: string;
  alerts: readonly Alert[];
  /** Instead of the count. */
  note?: string;
}

/** Counted as the sidebar counts: the watchdog, which always fires, stands apart. */
export function groupAlerts(alerts: readonly Alert[]): AlertGroup[] {
  const problems = alerts.filter(({ labels }) => !isWatchdog(labels));
  return [
    { title: 'Firing', alerts: problems.filter(({ state }) => state === 'firing') },
    { title: 'Pending', alerts: problems.filter(({ state }) => state === 'pending') },
    {
      title: 'Watchdog',
      alerts: alerts.filter(({ labels }) => isWatchdog(labels)),
      note: 'fires as long as alerting works',
    },
  ];
}
