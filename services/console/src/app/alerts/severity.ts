import type { Tone } from '@lab/ui-kit';

/** Severity as a tone; an alert without one of the lab's three severities is not harmless, only unlabelled. */
export function severityTone({ severity }: { severity: string | null | undefined }): Tone {
  if (severity === 'critical') return 'critical';
  if (severity === 'warning') return 'warning';
  if (severity === 'info') return 'info';
  return 'unknown';
}

/** The watchdog always fires; it is proof of life, not a problem. */
export function isWatchdog(labels: Readonly<Record<string, string>>): boolean {
  return labels['alertname'] === 'Watchdog';
}
