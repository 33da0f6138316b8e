import { expect, test } from 'vitest';
import type { JudgedExperiment } from '../../src/chaos/run/run-suite.ts';
import { factsOf, type RunFacts } from '../../src/recordings/from-experiment.ts';

const MINUTE = 60_000;

/** An experiment that promises nothing, healed at one time and over at another; milliseconds. */
function judged(name: string, methodFrom: number, healedAt: number, endedAt: number): JudgedExperiment {
  return {
    record: {
      experiment: { name, title: name, alerts: { must: [], may: [] } },
      methodFrom,
      healedAt,
      endedAt,
    },
    judgement: { alerts: [] },
  } as unknown as JudgedExperiment;
}

function endOf(one: JudgedExperiment, others: readonly JudgedExperiment[]): number | undefined {
  const run = { timing: { speed: 10 }, mode: 'lite', chronicle: { episodes: [] }, others };
  return factsOf(one, run as unknown as RunFacts)?.to;
}

test('a recording goes on a little after its experiment while the run does', () => {
  const [first, last] = [
    judged('first', MINUTE, 2 * MINUTE, 2 * MINUTE),
    judged('last', 3 * MINUTE, 4 * MINUTE, 4 * MINUTE),
  ];
  expect(endOf(first, [first, last])).toBe(2 * MINUTE + 5000);
});

test('a recording ends with the run, after which rules are evaluated as written', () => {
  const [first, last] = [
    judged('first', MINUTE, 4 * MINUTE, 4 * MINUTE),
    judged('last', 3 * MINUTE, 4 * MINUTE, 4 * MINUTE + 2000),
  ];
  expect(endOf(first, [first, last])).toBe(4 * MINUTE + 2000);
  expect(endOf(last, [first, last])).toBe(4 * MINUTE + 2000);
});
