/** Prometheus and Alertmanager read their configuration some time after SIGHUP, and say when in a metric. */
import { CannotRun } from '../cli/failure.ts';
import { until } from '../wait.ts';

/**
 * Returns once the program has read its configuration at or after `since` (seconds of Unix time).
 * @throws CannotRun where it refused what its own checker had accepted.
 */
export async function untilReloaded(
  program: 'prometheus' | 'alertmanager',
  url: string,
  since: number,
): Promise<void> {
  const verdict = await until(
    `${program} to read its configuration again`,
    async (signal) => {
      const metrics = await (await fetch(`${url}/metrics`, { signal })).text();
      const value = (name: string) =>
        Number(new RegExp(`^${program}_config_last_reload_${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
      if (value('successful') === 0) return 'refused';
      // The metric's clock has whole milliseconds at best.
      return value('success_timestamp_seconds') >= since - 0.01 ? 'read' : undefined;
    },
    { deadlineMs: 15_000 },
  );
  if (verdict === 'refused')
    throw new CannotRun(
      `${program} refused the configuration: see .lab/logs/${program}.log; it goes on with the former one`,
    );
}
