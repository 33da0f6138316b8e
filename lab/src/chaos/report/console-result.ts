/** A judged experiment in the form that the console takes and shows. */
import type { ExperimentResult } from 'lab-console/contract/experiments';
import { describeAction, describeRollback, rollbacksOf } from '../experiment/actions.ts';
import type { JudgedExperiment } from '../run/run-suite.ts';
import type { Timing } from '../run/timing.ts';
import { timelineOf } from './timeline.ts';

export function consoleResult({ record, judgement }: JudgedExperiment, timing: Timing): ExperimentResult {
  const { experiment } = record;
  return {
    hypothesis: experiment.story.slice(0, 4000),
    method: experiment.method.map((action) => describeAction(action).slice(0, 1000)),
    rollbacks: rollbacksOf(experiment).map((rollback) => describeRollback(rollback).slice(0, 1000)),
    rollbackAfterSeconds: rollbackAfterSeconds(record),
    alerts: judgement.alerts,
    promises: judgement.promises.map((each) => ({
      ...each,
      text: each.text.slice(0, 1000),
      observed: each.observed.slice(0, 1000),
    })),
    timeline: timelineOf({ record, judgement }).map((event) => ({
      ...event,
      text: event.text.slice(0, 1000),
    })),
    speed: timing.speed,
    impact: record.impact,
  };
}

/** On the axis of the alerts' seconds, which begins when the method is in force. */
function rollbackAfterSeconds(record: JudgedExperiment['record']): number | null {
  const { methodFrom, methodAt = methodFrom, rollbackFrom, rollbackAt = rollbackFrom } = record;
  return methodAt === undefined || rollbackAt === undefined
    ? null
    : Math.max(0, (rollbackAt - methodAt) / 1000);
}
