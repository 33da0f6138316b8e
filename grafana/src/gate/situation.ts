/** What can be expected of a lab now: asked of its own Prometheus, so that nobody has to say it, or says it wrong. */
import { parseDuration, readAlerts, scalePromql } from '@lab/prometheus';
import type { Dashboard } from '../build/dashboard.ts';
import { FULL_ONLY } from '../catalogue/full-only.ts';
import { dashboardQueries } from './collect.ts';
import type { Prometheus } from './prometheus.ts';

export interface Situation {
  /** Says whether the console stands in for parts that lite does not have. */
  standsIn: boolean;
  /** Jobs of everything that is scraped, whether it answers or not. */
  jobs: ReadonlySet<string>;
  /** For how long there has been traffic, in minutes of the rules' own time: an hour at most, which is as far as learned bands look back. */
  minutesOfTraffic: number;
}

/** @throws Error where Prometheus cannot be reached. */
export async function situationOf(prometheus: Prometheus): Promise<Situation> {
  const jobs = await prometheus.jobs();
  return {
    // A lab has none of these parts, or some of them at least.
    standsIn: !FULL_ONLY.some(({ job }) => jobs.has(job)),
    jobs,
    minutesOfTraffic: await minutesOfTraffic(prometheus),
  };
}

/** Since when requests arrive at a rate that rules learn from (prometheus/rules/adaptive.yml); an invented past does not count. */
const SECONDS_OF_TRAFFIC =
  'time() - min_over_time(timestamp(lab:request_rate:rate2m > 1 unless on () lab_history_phase == 1)[1h:10s])';

async function minutesOfTraffic(prometheus: Prometheus): Promise<number> {
  const scale = timeScale(await prometheus.patience());
  const seconds = await prometheus.number(scalePromql(SECONDS_OF_TRAFFIC, scale));
  return ((seconds ?? 0) / 60) * scale;
}

/**
 * How many times faster than written the loaded rules run, told by the alert that waits longest.
 * @param loaded seconds of `for` by alert.
 */
function timeScale(loaded: ReadonlyMap<string, number>): number {
  const [longest] = readAlerts()
    .flatMap(({ name, for: written }) => {
      const seconds = loaded.get(name) ?? 0;
      return written === undefined || seconds === 0
        ? []
        : [{ written: parseDuration(written) / 1000, seconds }];
    })
    .sort((left, right) => right.written - left.written);
  return longest === undefined ? 1 : longest.written / longest.seconds;
}

/** The minutes of traffic after which nothing is too young to be shown. */
export function fullAge(dashboards: readonly Dashboard[]): number {
  const waits = dashboardQueries(dashboards).map(({ until }) =>
    until !== undefined && until !== 'trouble' && until.fills === 'age' ? until.minutes : 0,
  );
  return Math.max(0, ...waits);
}
