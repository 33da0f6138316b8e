/** What k6 is told by LOAD_PLAN; loadtests/k6/load.ts reads it. */
import { JOURNEYS, requestsPerJourney } from '@lab/loadtests';
import type { Objective } from '@lab/prometheus';
import { MOST_AT_ONCE, type RunOptions, TIMEOUT_MS } from './engine.ts';
import type { Stage } from './profiles.ts';

/** k6 takes whole journeys in a unit of time only: an hour makes the rounding vanish. */
const UNIT = '1h';
const UNIT_SECONDS = 3600;
/** Thinking and answers of a mean journey, seconds: how many people are on their way at a rate. */
const JOURNEY_SECONDS = 2;
/** Making more people in the middle of a run comes too late for those who are due. */
const SPARE = 3;

export function k6Plan(
  { webUrl, stages, accounts, traceRatio }: Pick<RunOptions, 'webUrl' | 'stages' | 'accounts' | 'traceRatio'>,
  objectives: readonly Objective[],
): Record<string, unknown> {
  const perJourney = requestsPerJourney(JOURNEYS);
  const journeys = (requests: number) => Math.round((requests / perJourney) * UNIT_SECONDS);
  const highest = Math.max(...stages.flatMap(({ from, to }) => [from, to])) / perJourney;
  return {
    webUrl,
    accounts,
    traceRatio,
    timeoutMs: TIMEOUT_MS,
    scenario: {
      startRate: journeys(stages[0]?.from ?? 0),
      timeUnit: UNIT,
      stages: stages.flatMap((stage, index) => [
        // k6 knows no jumps: one that is as good as none in time.
        ...jump(stages[index - 1], stage, journeys),
        { target: journeys(stage.to), duration: `${Math.round(stage.seconds * 1000)}ms` },
      ]),
      preAllocatedVUs: Math.min(MOST_AT_ONCE, Math.ceil(highest * JOURNEY_SECONDS * SPARE) + 5),
      maxVUs: MOST_AT_ONCE,
    },
    objectives: objectives.map(({ name, objective, thresholdSeconds }) => ({
      name,
      objective,
      thresholdSeconds,
    })),
  };
}

function jump(before: Stage | undefined, { from }: Stage, journeys: (requests: number) => number) {
  if (before === undefined || before.to === from) return [];
  return [{ target: journeys(from), duration: '0s' }];
}
