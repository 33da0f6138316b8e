/** The highest arrival rate at which every objective holds: steps of a constant rate, each judged alone. */
import type { Search } from './profiles.ts';

export interface StepResult {
  /** Requests a second that were asked. */
  rate: number;
  holds: boolean;
  /** Why it does not, in words; what was measured, where it does. */
  detail: string;
}

export interface Breakpoint {
  /** The highest rate that held, requests a second; undefined where not even the first did. */
  rate: number | undefined;
  steps: StepResult[];
  /** Whether the search came to its end: an upper bound was found, and the interval is as small as asked. */
  settled: boolean;
}

/** A step that fails is tried once more: one pause of the machine is not the lab's limit. */
const TRIES = 2;

/**
 * Grows the rate until a step does not hold, then halves the interval.
 * @param tryRate runs one step.
 */
export async function findBreakpoint(
  { rate: first, growth, precision, most }: Search,
  tryRate: (rate: number) => Promise<StepResult>,
): Promise<Breakpoint> {
  const steps: StepResult[] = [];
  const holds = async (rate: number) => {
    for (let attempt = 1; ; attempt += 1) {
      const step = await tryRate(rate);
      steps.push(step);
      if (step.holds || attempt === TRIES) return step.holds;
    }
  };
  let low: number | undefined;
  let high: number | undefined;
  for (let rate = first; high === undefined && rate <= most; rate = Math.round(rate * growth)) {
    if (await holds(rate)) low = rate;
    else high = rate;
  }
  if (low === undefined || high === undefined) return { rate: low, steps, settled: false };
  while (high - low > Math.max(1, low * precision)) {
    const middle = Math.round((low + high) / 2);
    if (await holds(middle)) low = middle;
    else high = middle;
  }
  return { rate: low, steps, settled: true };
}
