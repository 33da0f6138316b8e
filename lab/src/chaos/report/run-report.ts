/** A run as data: what report.json holds. loadtests/chaos/report.schema.json says the same to readers without this program. */
import {
  impactSchema,
  judgedAlertSchema,
  judgedPromiseSchema,
  timelineEventSchema,
  verdictSchema,
} from 'lab-console/contract/experiments';
import { z } from 'zod';
import { MODES } from '../../settings/mode.ts';
import type { ConductedRun } from '../conduct.ts';
import { describeAction, describeRollback, rollbacksOf } from '../experiment/actions.ts';
import type { RunSummary } from './summary.ts';
import { timelineOf } from './timeline.ts';

const time = z.iso.datetime();

export const runReportSchema = z.strictObject({
  version: z.literal(1),
  id: z.string().describe('names the folder under reports/chaos'),
  startedAt: time,
  endedAt: time,
  mode: z.enum(MODES),
  speed: z.number().describe('time scale: rules ran so many times faster than written'),
  rate: z.number().describe('background load, requests a second'),
  summary: z.strictObject({
    experiments: z.int(),
    promises: z.int(),
    promisesKept: z.int(),
    falseAlarms: z.int(),
    medianSecondsOverMinimum: z.number().nullable(),
    broken: z.array(z.string()),
  }),
  experiments: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      story: z.string(),
      verdict: verdictSchema,
      startedAt: time.nullable(),
      endedAt: time.nullable(),
      method: z.array(z.string()),
      rollbacks: z.array(z.string()),
      alerts: z.array(judgedAlertSchema),
      promises: z.array(judgedPromiseSchema),
      falseAlarms: z.array(z.string()),
      impact: impactSchema.nullable(),
      timeline: z.array(timelineEventSchema),
    }),
  ),
  afterwards: z
    .array(judgedPromiseSchema)
    .optional()
    .describe('about the dashboards after the last experiment; none where the traffic was too young'),
});
export type RunReport = z.infer<typeof runReportSchema>;
export type ReportedExperiment = RunReport['experiments'][number];

export function reportOf(run: ConductedRun, summary: RunSummary): RunReport {
  const { experiments, promises, promisesKept, falseAlarms, medianSecondsOverMinimum, broken } = summary;
  return {
    version: 1,
    id: run.id,
    startedAt: iso(run.startedAt) ?? '',
    endedAt: iso(run.endedAt) ?? '',
    mode: run.mode,
    speed: run.timing.speed,
    rate: run.rate,
    summary: {
      experiments,
      promises,
      promisesKept,
      falseAlarms,
      medianSecondsOverMinimum: medianSecondsOverMinimum ?? null,
      broken,
    },
    experiments: run.suite.experiments.map((judged) => {
      const { record, judgement } = judged;
      const { experiment } = record;
      return {
        name: experiment.name,
        title: experiment.title,
        story: experiment.story,
        verdict: judgement.verdict,
        startedAt: iso(record.methodFrom),
        endedAt: iso(record.endedAt),
        method: experiment.method.map(describeAction),
        rollbacks: rollbacksOf(experiment).map(describeRollback),
        alerts: judgement.alerts,
        promises: judgement.promises,
        falseAlarms: judgement.falseAlarms,
        impact: record.impact ?? null,
        timeline: timelineOf(judged),
      };
    }),
    afterwards: run.suite.afterwards,
  };
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
