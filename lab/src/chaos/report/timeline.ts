import type { TimelineEvent } from 'lab-console/contract/experiments';
import { describeAction } from '../experiment/actions.ts';
import type { JudgedExperiment } from '../run/run-suite.ts';

/** With its moment in Unix milliseconds. */
type Moment = Omit<TimelineEvent, 'at'> & { at: number };

/** What happened in the course of an experiment, in order; nothing for one that did not begin. */
export function timelineOf({ record, judgement }: JudgedExperiment): TimelineEvent[] {
  const { methodFrom, methodAt, rollbackFrom, rollbackAt, healedAt, endedAt, experiment } = record;
  if (methodFrom === undefined) return [];
  const origin = methodAt ?? methodFrom;
  const events: Moment[] = [
    {
      at: methodFrom,
      kind: 'method',
      text: experiment.method.map(describeAction).join('; ') || 'nothing is done',
    },
  ];
  for (const alert of judgement.alerts) {
    const at = (seconds: number | null, from: number, kind: Moment['kind'], text: string) => {
      if (seconds !== null) events.push({ at: from + seconds * 1000, kind, text });
    };
    at(alert.pendingAfterSeconds, origin, 'alert', `${alert.name} is pending`);
    at(alert.firedAfterSeconds, origin, 'alert', `${alert.name} fires`);
    at(alert.inboxAfterSeconds, origin, 'inbox', `${alert.name} is in the inbox`);
    const back = rollbackAt ?? rollbackFrom;
    if (back === undefined) continue;
    at(alert.resolvedAfterSeconds, back, 'alert', `${alert.name} is over`);
    at(alert.resolvedMessageAfterSeconds, back, 'inbox', `the inbox hears that ${alert.name} is over`);
  }
  if (rollbackFrom !== undefined) events.push({ at: rollbackFrom, kind: 'rollback', text: 'rollback' });
  if (healedAt !== undefined)
    events.push({ at: healedAt, kind: 'healed', text: 'the hypothesis holds again' });
  if (endedAt !== undefined) events.push({ at: endedAt, kind: 'end', text: judgement.verdict });
  return events
    .sort((one, other) => one.at - other.at)
    .map(({ at, ...event }) => ({ at: new Date(at).toISOString(), ...event }));
}
