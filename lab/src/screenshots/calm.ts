/** Calm pictures show a lab on which nothing fires: alerts that an experiment before left behind are waited out. */
import { describeError } from '../cli/failure.ts';
import { query } from '../readiness/prometheus-client.ts';
import { until } from '../wait.ts';

const FIRING = 'ALERTS{alertstate="firing",alertname!="Watchdog"}';

export interface CalmOptions {
  deadlineMs: number;
  everyMs?: number;
  say(line: string): void;
  signal: AbortSignal;
}

/** @returns why there was no calm within the deadline, with what fires and what to do; undefined once nothing but the watchdog fires. */
export async function untilCalm(
  prometheusUrl: string,
  { deadlineMs, everyMs = 2_000, say, signal }: CalmOptions,
): Promise<string | undefined> {
  let told = '';
  const nothingFires = async (bounded: AbortSignal) => {
    const firing = (await query(prometheusUrl, FIRING, bounded)).map(({ labels }) => nameOf(labels));
    if (firing.length === 0) return true;
    const words = [...new Set(firing)].toSorted().join(', ');
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

function nameOf({ alertname = '?', service }: Record<string, string>): string {
  return service === undefined ? alertname : `${alertname} (${service})`;
}
