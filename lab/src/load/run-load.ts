/** One course of load from its first arrival to its report: an engine leads the stages, a visitor walks beside. */
import type { Objective } from '@lab/prometheus';
import { AcknowledgedWrites } from './acknowledged-writes.ts';
import { LoadCounts } from './counts.ts';
import type { Engine } from './engine.ts';
import type { PooledAccount } from './people.ts';
import { rateAt, requestsAsked, type Stage, secondsOf } from './profiles.ts';
import { judge, type Kept, thresholdsOf } from './verdict.ts';
import type { VisitorReport } from './visitor.ts';

export interface CourseOptions {
  webUrl: string;
  engine: Engine;
  stages: readonly Stage[];
  accounts: readonly PooledAccount[];
  traceRatio: number;
  objectives: readonly Objective[];
  testId: string;
  progress(line: string): void;
  /** Told now and then how it stands. */
  live(standing: Standing): void;
  signal: AbortSignal;
}

/** How a course stands, for a line in the terminal. */
export interface Standing {
  elapsedSeconds: number;
  seconds: number;
  /** Requests a second that are asked at this moment. */
  asked: number;
  counts: LoadCounts;
  underWay: number;
}

export interface Course {
  startedAt: Date;
  endedAt: Date;
  /** For which people arrived. */
  seconds: number;
  /** Ended before its last stage. */
  interrupted: boolean;
  asked: { requests: number };
  counts: LoadCounts;
  writes: AcknowledgedWrites;
  turnedAway: number;
  worstLagSeconds: number;
  /** Of requests sent from those asked for, percent; with its sign. */
  rateErrorPercent: number;
  /** Whether the asked rate was reached, within `RATE_TOLERANCE`. */
  rateReached: boolean;
  kept: Kept[];
  visitor?: VisitorReport;
}

/** What the lab promises of its engines. */
export const RATE_TOLERANCE = 0.02;
/** Journeys are not cut in half: so many requests more or less are no error even of a short run. */
const WHOLE_JOURNEYS = 10;
const LIVE_EVERY_MS = 1_000;

export async function runCourse(options: CourseOptions): Promise<Course> {
  const { engine, stages, objectives, live, signal } = options;
  const counts = new LoadCounts(thresholdsOf(objectives));
  const writes = new AcknowledgedWrites();
  const length = secondsOf(stages);
  let began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  let interruptedAfter: number | undefined;
  const interrupted = () => {
    interruptedAfter ??= elapsed();
  };
  signal.addEventListener('abort', interrupted, { once: true });
  const run = await engine.start({ ...options, counts, writes });
  const startedAt = new Date();
  began = performance.now();
  const timer = setInterval(() => {
    const elapsedSeconds = Math.min(elapsed(), length);
    const { underWay } = run.arrivals;
    live({ elapsedSeconds, seconds: length, asked: rateAt(stages, elapsedSeconds), counts, underWay });
  }, LIVE_EVERY_MS);
  try {
    await run.done;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', interrupted);
  }
  const seconds = Math.min(interruptedAfter ?? length, length);
  const requests = requestsAsked(cutAt(stages, seconds));
  const { sent } = counts.total;
  return {
    startedAt,
    endedAt: new Date(),
    seconds,
    interrupted: interruptedAfter !== undefined,
    asked: { requests },
    counts,
    writes,
    turnedAway: run.arrivals.turnedAway,
    worstLagSeconds: run.arrivals.worstLagSeconds,
    rateErrorPercent: requests === 0 ? 0 : (sent / requests - 1) * 100,
    rateReached: Math.abs(sent - requests) <= Math.max(requests * RATE_TOLERANCE, WHOLE_JOURNEYS),
    kept: judge(objectives, counts.total.api),
  };
}

/** The stages up to a moment. */
function cutAt(stages: readonly Stage[], seconds: number): Stage[] {
  let left = seconds;
  return stages.flatMap((stage) => {
    const length = Math.min(stage.seconds, left);
    left -= length;
    if (length <= 0) return [];
    return [
      { ...stage, seconds: length, to: stage.from + ((stage.to - stage.from) * length) / stage.seconds },
    ];
  });
}
