import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '@lab/telemetry';

/**
 * Does to an attempt at a job what the faults `error` and `latency` do to a request: it waits, or fails. Faults for
 * one route concern requests only; `event_loop` and `memory` need no help.
 * @throws Error where the lot fell on this attempt.
 */
export async function sufferFaults(active: readonly Fault[]): Promise<void> {
  const ours = active.filter((fault) => fault.route === undefined);
  for (const fault of ours) if (fault.fault === 'latency') await pause(fault.milliseconds);
  for (const fault of ours)
    if (fault.fault === 'error' && Math.random() < fault.ratio)
      throw new Error('injected fault: this error was switched on for an experiment');
}
