/** Whether what the load saw keeps the objectives of prometheus/slo.yaml; numbers and names are taken from there. */
import type { Objective, Objectives } from '@lab/prometheus';
import type { ApiTally } from './counts.ts';

export interface Kept {
  objective: string;
  title: string;
  /** Share of good requests that is promised. */
  promised: number;
  /** Share that was measured; undefined where there was nothing to measure, which keeps no promise. */
  measured: number | undefined;
  kept: boolean;
}

/** Those that promise something of the API, which is what a load can see from outside. */
export function judgedObjectives({ objectives }: Objectives): Objective[] {
  return objectives.filter(({ service }) => service === 'taskmanager-api');
}

/** Thresholds of the latency objectives, in the order in which `ApiTally.within` counts them. */
export function thresholdsOf(objectives: readonly Objective[]): number[] {
  return objectives.flatMap(({ thresholdSeconds }) => thresholdSeconds ?? []);
}

/**
 * @param objectives of prometheus/slo.yaml: one with a threshold judges the answers below 500 by their time, one without
 *   all requests by whether they were answered below 500.
 */
export function judge(objectives: readonly Objective[], api: ApiTally): Kept[] {
  const thresholds = thresholdsOf(objectives);
  return objectives.map(({ name, title, objective, thresholdSeconds }) => {
    const [good, all] =
      thresholdSeconds === undefined
        ? [api.good, api.sent]
        : [api.within[thresholds.indexOf(thresholdSeconds)] ?? 0, api.good];
    const measured = all === 0 ? undefined : good / all;
    return {
      objective: name,
      title,
      promised: objective,
      measured,
      kept: measured !== undefined && measured >= objective,
    };
  });
}
