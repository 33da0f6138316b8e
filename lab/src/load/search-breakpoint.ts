/** PROFILE=breakpoint: looks for the highest arrival rate at which every objective holds, a course of its own for each step. */
import { setTimeout as pause } from 'node:timers/promises';
import { readObjectives } from '@lab/prometheus';
import { findBreakpoint, type StepResult } from './find-breakpoint.ts';
import { liveLine } from './live-line.ts';
import type { Plan, Search } from './profiles.ts';
import { type LoadReport, makeReport, percent } from './report/report.ts';
import { type Course, runCourse } from './run-load.ts';
import { newTestId, type SetUp } from './run-profile.ts';
import { judge, judgedObjectives } from './verdict.ts';

const RECOVERY_MS = 10_000;

type SearchPlan = Extract<Plan, { search: Search }>;

/**
 * Without a browser beside: it would take from the machine whose limit is looked for.
 * @returns the report of the course that held at the highest rate, with the search's steps.
 */
export async function searchBreakpoint(setUp: SetUp, plan: SearchPlan): Promise<LoadReport> {
  const { stack, engine, accounts, progress, signal } = setUp;
  const { profile, purpose, search, traceRatio } = plan;
  const { web: webUrl, console: consoleUrl } = stack.addresses;
  const objectives = judgedObjectives(readObjectives());
  const testId = newTestId(profile);
  let best: { course: Course; rate: number } | undefined;
  let last: { course: Course; rate: number } | undefined;
  const stagesOf = (rate: number) => [
    { seconds: search.settleSeconds, from: rate / 2, to: rate },
    { seconds: search.stepSeconds, from: rate, to: rate },
  ];
  const tryRate = async (rate: number): Promise<StepResult> => {
    signal.throwIfAborted();
    const line = liveLine(progress);
    const course = await runCourse({
      webUrl,
      engine,
      stages: stagesOf(rate),
      accounts,
      traceRatio,
      objectives,
      testId,
      progress,
      live: line.show,
      signal,
    }).finally(line.end);
    signal.throwIfAborted();
    const step = judgeStep(course, rate, search, objectives);
    last = { course, rate };
    if (step.holds && rate > (best?.rate ?? 0)) best = last;
    progress(`${rate} requests a second ${step.holds ? 'hold' : 'do not hold'}: ${step.detail}`);
    // What overload leaves behind (jobs, vacuum) is not the next rate's doing.
    if (!step.holds) await pause(RECOVERY_MS, undefined, { signal });
    return step;
  };
  progress(`${profile}: ${purpose}; engine ${engine.name} ${engine.version}, testid ${testId}`);
  const { rate, steps, settled } = await findBreakpoint(search, tryRate);
  const shown = best ?? last;
  if (!shown) throw new Error('expected at least one step');
  const about = {
    profile,
    purpose,
    mode: stack.traits.mode,
    engine: { name: engine.name, version: engine.version },
  };
  const report = makeReport(shown.course, {
    ...about,
    testId,
    stages: stagesOf(shown.rate),
    consoleUrl,
    visitor: undefined,
  });
  const broken = rate === undefined ? report.broken : [];
  return { ...report, broken, breakpoint: { rate, settled, steps } };
}

/** The settled part of a step only. */
function judgeStep(
  { startedAt, counts, turnedAway, rateReached, rateErrorPercent }: Course,
  rate: number,
  { settleSeconds, stepSeconds }: Search,
  objectives: Parameters<typeof judge>[0],
): StepResult {
  const from = startedAt.getTime() + settleSeconds * 1000;
  const stretch = counts.between(from, from + stepSeconds * 1000);
  const kept = judge(objectives, stretch.api);
  const missed = kept
    .filter((each) => !each.kept)
    .map(
      ({ objective, measured }) =>
        `${objective} ${measured === undefined ? 'unmeasured' : percent(measured)}`,
    );
  if (!rateReached) missed.push(`${rateErrorPercent.toFixed(1)} % off the asked rate`);
  if (turnedAway > 0) missed.push(`${turnedAway} journeys turned away`);
  const measured = `p95 ${Math.round(stretch.p95Seconds * 1000)} ms, p99 ${Math.round(stretch.p99Seconds * 1000)} ms`;
  const detail = [...missed, measured].join(', ');
  return { rate, holds: missed.length === 0, detail };
}
