import type { Verdict } from './check.ts';

/** A verdict in the form of a promise: what was looked at, and what breaks it. */
export interface Promised {
  text: string;
  expected: string;
  /** Where nothing breaks it. */
  seen: string;
  broken: readonly string[];
}

/** What the gate promises, whatever is wrong: refused questions, missing data, metrics that lead nowhere. */
export function promisesOf(verdict: Verdict): Promised[] {
  const { queries, panels, panelsWithData, minutesOfTraffic, metricsExposed } = verdict;
  return [
    {
      text: 'every query of dashboards, rules and runbooks is answered',
      expected: 'none refused',
      seen: `${queries} answered`,
      broken: verdict.failing,
    },
    {
      text: 'every panel shows the data that is due, also what only a past can show',
      expected: 'data',
      seen: `${panelsWithData} of ${panels} panels show data, after ${Math.floor(minutesOfTraffic)} minutes of traffic in the rules’ time`,
      broken: verdict.empty,
    },
    {
      text: 'every metric that is read is exposed, and every one exposed is read or listed as unused',
      expected: 'nothing missing, nothing left over',
      seen: `${metricsExposed} metrics of the services`,
      broken: [...verdict.missing, ...verdict.unaccounted, ...verdict.gone],
    },
  ];
}
