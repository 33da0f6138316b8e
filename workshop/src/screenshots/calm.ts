/** Calm pictures show a lab on which nothing fires: alerts that an experiment before left behind are waited out. */
import { describeError, query, until } from '@lab/cli';

const FIRING = 'ALERTS{alertstate="firing",alertname!="Watchdog"}';
/** Experiments run rules ten times faster; put back, the same rules look over the same minutes again, at their own pace. */
const FIRING_OR_PENDING = 'ALERTS{alertname!="Watchdog"}';

export interface CalmOptions {
  /** Also what is pending: it may fire before the pictures are taken. */
  pendingToo?: boolean;
  /** The time for which it has to last: rules that were just loaded have evaluated nothing yet. */
  heldMs?: number;
  deadlineMs: number;
  everyMs?: number;
  say(line: string): void;
  signal: AbortSignal;
}

/** @returns why there was no calm within the deadline, with what fires and what to do; undefined once nothing but the watchdog fires. */
export async function untilCalm(
  prometheusUrl: string,
  { pendingToo = false, heldMs = 0, deadlineMs, everyMs = 2_000, say, signal }: CalmOptions,
): Promise<string | undefined> {
  let told = '';
  let calmSince: number | undefined;
  const nothingFires = async (bounded: AbortSignal) => {
    const active = await query(prometheusUrl, pendingToo ? FIRING_OR_PENDING : FIRING, bounded);
    if (active.length === 0) {
      calmSince ??= performance.now();
      return performance.now() - calmSince >= heldMs;
    }
    calmSince = undefined;
    const words = [...new Set(active.map(({ labels }) => nameOf(labels)))].toSorted().join(', ');
    if (words !== told) say(`waiting until nothing fires: ${words}`);
    told = words;
    throw new Error(words);
  };
  try {
    await until('no alert but the watchdog fires', nothingFires, { deadlineMs, everyMs, signal });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return `${describeError(error)} (the calm pictures want a lab at rest: \`make status\` says what fires, the console’s runbook why)`;
  }
}

function nameOf({ alertname = '?', service, alertstate }: Record<string, string>): string {
  const words = [service, alertstate === 'pending' ? 'pending' : undefined].filter(
    (word) => word !== undefined,
  );
  return words.length === 0 ? alertname : `${alertname} (${words.join(', ')})`;
}
