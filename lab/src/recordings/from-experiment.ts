/** The facts of a recording that an experiment knows: its marks, what was promised, what else went on. */

import type { Chronicle } from '../chaos/run/chronicle.ts';
import type { ExperimentRecord } from '../chaos/run/record.ts';
import type { JudgedExperiment } from '../chaos/run/run-suite.ts';
import { limitMs, type Timing } from '../chaos/run/timing.ts';
import type { GivenFacts } from './cut.ts';

/** Rules are judged from a little before the method: a run's first one begins as soon as the lab is steady at its time scale. */
const LEAD_MS = 3_000;
/** Evaluated after the last alert has ended, so that its end is seen. */
const TAIL_MS = 5_000;

/** The run that an experiment was part of. */
export interface RunFacts {
  timing: Timing;
  mode: string;
  chronicle: Chronicle;
  others: readonly JudgedExperiment[];
}

/** Undefined for one that was not begun or not ended. */
export function factsOf(
  { record, judgement }: JudgedExperiment,
  { timing, mode, chronicle, others }: RunFacts,
): GivenFacts | undefined {
  const { experiment, methodFrom, methodAt, rollbackAt, healedAt, endedAt } = record;
  if (methodFrom === undefined || endedAt === undefined || record.interrupted) return undefined;
  const from = methodFrom - LEAD_MS;
  // When the run's last experiment is over, the rules run as written again: nothing of that belongs to it.
  const runEndedAt = Math.max(endedAt, ...others.map((other) => other.record.endedAt ?? 0));
  const to = Math.round(Math.min(lastEnd(record, chronicle) + TAIL_MS, runEndedAt));
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

/** The end of the last alert that is declared; what comes behind it are messages, which a rehearsal works out by itself. */
function lastEnd(
  { experiment, methodFrom = 0, ...record }: ExperimentRecord,
  { episodes }: Chronicle,
): number {
  const { must, may } = experiment.alerts;
  const declared = new Set([...must.map(({ alert }) => alert), ...may.flatMap(({ alerts }) => alerts)]);
  const over = record.endedAt ?? methodFrom;
  const ends = episodes
    .filter(({ alert, firingAt = 0 }) => declared.has(alert) && firingAt >= methodFrom && firingAt <= over)
    .map(({ endedAt = over }) => Math.min(endedAt, over));
  return Math.max(record.healedAt ?? over, record.rollbackAt ?? over, ...ends);
}
