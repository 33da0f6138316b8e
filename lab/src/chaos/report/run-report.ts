/** A run as data: what report.json holds. Its form is loadtests/chaos/report.schema.json, against which a test holds it. */
import type { ConductedRun } from '../conduct.ts';
import type { JudgedAlert, JudgedPromise, Verdict } from '../contract/judge.ts';
import { describeAction, describeRollback } from '../experiment/actions.ts';
import type { RunSummary } from './summary.ts';
import { timelineOf } from './timeline.ts';

export interface ReportedExperiment {
  name: string;
  title: string;
  story: string;
  verdict: Verdict;
  startedAt: string | null;
  endedAt: string | null;
  method: string[];
  rollbacks: string[];
  alerts: JudgedAlert[];
  promises: JudgedPromise[];
  falseAlarms: string[];
  impact: { requests: number; failed: number; p95Seconds: number } | null;
  timeline: { at: string; kind: string; text: string }[];
}

export interface RunReport {
  version: 1;
  id: string;
  startedAt: string;
  endedAt: string;
  mode: 'lite' | 'full';
  speed: number;
  rate: number;
  summary: {
    experiments: number;
    promises: number;
    promisesKept: number;
    falseAlarms: number;
    medianSecondsOverMinimum: number | null;
    broken: string[];
  };
  experiments: ReportedExperiment[];
}

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
  };
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
