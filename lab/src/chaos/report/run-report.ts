/** A run as data: what report.json holds. loadtests/chaos/report.schema.json says the same to readers without this program. */
import { z } from 'zod';
import { MODES } from '../../settings/mode.ts';
import type { ConductedRun } from '../conduct.ts';
import { describeAction, describeRollback } from '../experiment/actions.ts';
import type { RunSummary } from './summary.ts';
import { timelineOf } from './timeline.ts';

const seconds = z.number().min(0).nullable();
const time = z.iso.datetime();

const alertSchema = z.strictObject({
  name: z.string(),
  expected: z
    .enum(['fire', 'may-fire', 'silent'])
    .describe('fire: promised; may-fire: an explained side effect that came; silent: a false alarm'),
  pendingAfterSeconds: seconds.describe('from the method in force to the first pending state'),
  firedAfterSeconds: seconds.describe('from the method in force to firing'),
  inboxAfterSeconds: seconds.describe('from the method in force to the message in the inbox'),
  resolvedAfterSeconds: seconds.describe('from the rollback done to the end of the alert'),
  resolvedMessageAfterSeconds: seconds.describe('from the rollback done to the resolved message'),
  limitSeconds: seconds.describe('promised time to fire, at this time scale'),
  theoreticalMinimumSeconds: seconds.describe(
    'window × threshold ÷ injected ratio, one scrape, one evaluation, and `for`',
  ),
  theoreticalInboxSeconds: seconds.describe('the same and the group wait'),
  kept: z.boolean(),
});

const promiseSchema = z.strictObject({
  text: z.string(),
  kept: z.boolean(),
  expected: z.string(),
  observed: z.string(),
});

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
      verdict: z
        .enum(['kept', 'broken', 'inconclusive', 'interrupted'])
        .describe('inconclusive: there was no steady state to begin from'),
      startedAt: time.nullable(),
      endedAt: time.nullable(),
      method: z.array(z.string()),
      rollbacks: z.array(z.string()),
      alerts: z.array(alertSchema),
      promises: z.array(promiseSchema),
      falseAlarms: z.array(z.string()),
      impact: z
        .strictObject({ requests: z.int(), failed: z.int(), p95Seconds: z.number() })
        .nullable()
        .describe('what the background load got from the method until it had healed'),
      timeline: z.array(
        z.strictObject({
          at: time,
          kind: z.enum(['method', 'alert', 'inbox', 'rollback', 'healed', 'end']),
          text: z.string(),
        }),
      ),
    }),
  ),
  afterwards: z
    .array(promiseSchema)
    .optional()
    .describe('about the dashboards after the last experiment; none where the traffic was too young'),
});
export type RunReport = z.infer<typeof runReportSchema>;
export type ReportedPromise = z.infer<typeof promiseSchema>;
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
        rollbacks: experiment.rollbacks.map(describeRollback),
        alerts: judgement.alerts,
        promises: judgement.promises,
        falseAlarms: judgement.falseAlarms,
        impact: record.impact ?? null,
        timeline: timelineOf(judged).map(({ at, kind, text }) => ({ at: iso(at) ?? '', kind, text })),
      };
    }),
    afterwards: run.suite.afterwards,
  };
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
