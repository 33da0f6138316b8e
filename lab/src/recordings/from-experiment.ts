/** The facts of a recording that an experiment knows: its marks, what was promised, what else went on. */

import type { JudgedExperiment } from '../chaos/run/run-suite.ts';
import { limitMs, type Timing } from '../chaos/run/timing.ts';
import type { GivenFacts } from './cut.ts';

/** Rules are judged from a little before the method. */
const LEAD_MS = 10_000;
/** The last evaluation after the last message. */
const TAIL_MS = 2_000;

/** @param others experiments of the same run. Undefined for one that was not begun or not ended. */
export function factsOf(
  { record, judgement }: JudgedExperiment,
  { timing, mode, others }: { timing: Timing; mode: string; others: readonly JudgedExperiment[] },
): GivenFacts | undefined {
  const { experiment, methodFrom, methodAt, rollbackAt, healedAt, endedAt } = record;
  if (methodFrom === undefined || endedAt === undefined || record.interrupted) return undefined;
  const [from, to] = [methodFrom - LEAD_MS, endedAt + TAIL_MS];
  const { must, may } = experiment.alerts;
  const explained = judgement.alerts.filter(({ expected }) => expected === 'may-fire');
  return {
    name: experiment.name,
    title: experiment.title,
    source: 'experiment',
    mode,
    speed: timing.speed,
    from,
    to,
    marks: {
      methodFrom,
      ...(methodAt === undefined ? {} : { methodAt }),
      ...(rollbackAt === undefined ? {} : { rollbackAt }),
      ...(healedAt === undefined ? {} : { healedAt }),
      endedAt,
    },
    must: must.map(({ alert, within, inbox }) => ({
      alert,
      inbox,
      withinMs: Math.round(limitMs(within, timing)),
    })),
    may: [...new Set([...may.flatMap(({ alerts }) => alerts), ...explained.map(({ name }) => name)])].sort(),
    overlapped: others.flatMap(({ record: { experiment: other, methodFrom: begun, endedAt: over } }) =>
      other.name === experiment.name || begun === undefined || over === undefined || begun > to || over < from
        ? []
        : [
            {
              name: other.name,
              from: begun,
              to: over,
              alerts: [
                ...other.alerts.must.map(({ alert }) => alert),
                ...other.alerts.may.flatMap(({ alerts }) => alerts),
              ],
            },
          ],
    ),
  };
}
