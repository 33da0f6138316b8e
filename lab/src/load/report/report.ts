/** What a run of `make load` leaves behind, as `report.json` has it. */
import type { RouteCounts } from '../counts.ts';
import type { StepResult } from '../find-breakpoint.ts';
import { rateAt, type Stage } from '../profiles.ts';
import { type Course, RATE_TOLERANCE } from '../run-load.ts';
import type { Kept } from '../verdict.ts';
import type { VisitorReport } from '../visitor.ts';

export interface LoadReport {
  schema: 'load-report/1';
  profile: string;
  purpose: string;
  mode: string;
  engine: { name: string; version: string };
  /** Label `testid` of the run's series in Prometheus. */
  testId: string;
  /** ISO. */
  startedAt: string;
  endedAt: string;
  /** For which people arrived. */
  seconds: number;
  interrupted: boolean;
  requests: { asked: number; sent: number; serverErrors: number; unanswered: number; unexpected: number };
  rate: { errorPercent: number; reached: boolean; turnedAway: number; worstLagSeconds: number };
  latency: { p50Seconds: number; p95Seconds: number; p99Seconds: number; maxSeconds: number };
  objectives: Kept[];
  /** Promises that did not hold, in words; empty: all held. */
  broken: string[];
  routes: RouteReport[];
  /** With a trace, slowest first. */
  slowest: { name: string; seconds: number; result: string; at: string; traceId: string; url: string }[];
  writes: { acknowledged: number; tasks: number };
  visitor?: VisitorReport;
  timeline: TimelinePoint[];
  breakpoint?: { rate: number | undefined; settled: boolean; steps: StepResult[] };
}

export interface RouteReport {
  name: string;
  sent: number;
  results: Record<string, number>;
  p50Seconds: number;
  p95Seconds: number;
  p99Seconds: number;
}

export interface TimelinePoint {
  /** From the start. */
  second: number;
  asked: number;
  sent: number;
  failed: number;
  p95Seconds: number;
}

export interface ReportContext {
  profile: string;
  purpose: string;
  mode: string;
  engine: { name: string; version: string };
  testId: string;
  stages: readonly Stage[];
  consoleUrl: string;
  visitor: VisitorReport | undefined;
}

export function makeReport(course: Course, context: ReportContext): LoadReport {
  const { counts, startedAt } = course;
  const { stages, consoleUrl, visitor, ...about } = context;
  const {
    api: _,
    sent,
    serverErrors,
    unanswered,
    unexpected,
    p50Seconds,
    p95Seconds,
    p99Seconds,
  } = counts.total;
  const first = Math.floor(startedAt.getTime() / 1000);
  return {
    schema: 'load-report/1',
    ...about,
    startedAt: startedAt.toISOString(),
    endedAt: course.endedAt.toISOString(),
    seconds: round(course.seconds, 1),
    interrupted: course.interrupted,
    requests: { asked: Math.round(course.asked.requests), sent, serverErrors, unanswered, unexpected },
    rate: {
      errorPercent: round(course.rateErrorPercent, 2),
      reached: course.rateReached,
      turnedAway: course.turnedAway,
      worstLagSeconds: round(course.worstLagSeconds, 3),
    },
    latency: {
      p50Seconds: round(p50Seconds, 4),
      p95Seconds: round(p95Seconds, 4),
      p99Seconds: round(p99Seconds, 4),
      maxSeconds: round(counts.latency.max, 4),
    },
    objectives: course.kept,
    broken: brokenPromises(course),
    routes: counts.routes.map(routeReport),
    slowest: counts.slowest.map(({ method, route, seconds, result, at, traceId }) => ({
      name: `${method} ${route}`,
      seconds: round(seconds, 4),
      result: String(result),
      at: new Date(at).toISOString(),
      traceId,
      url: `${consoleUrl}/traces/${traceId}`,
    })),
    writes: { acknowledged: course.writes.count, tasks: course.writes.tasks.length },
    ...(visitor ? { visitor: { ...visitor } } : {}),
    timeline: counts.timeline.map((each) => ({
      second: each.second - first,
      asked: round(rateAt(stages, each.second - first), 2),
      sent: each.sent,
      failed: each.serverErrors + each.unanswered,
      p95Seconds: round(each.p95Seconds, 4),
    })),
  };
}

/** Each in words that say what was promised and what was measured. */
export function brokenPromises(course: Course): string[] {
  const broken = course.kept
    .filter(({ kept }) => !kept)
    .map(
      ({ objective, title, promised, measured }) =>
        `${objective}: ${title}: ${measured === undefined ? 'nothing to measure' : percent(measured)}, promised ${percent(promised)}`,
    );
  // An early end cuts journeys short: their missing requests are nobody's failure.
  if (!course.rateReached && !course.interrupted) {
    const { sent } = course.counts.total;
    broken.push(
      `rate: ${sent.toLocaleString('en')} requests sent, ${Math.round(course.asked.requests).toLocaleString('en')} asked (more than ${RATE_TOLERANCE * 100} % off): ${whyNot(course)}`,
    );
  }
  return broken;
}

function whyNot({ turnedAway, counts, worstLagSeconds }: Course): string {
  if (turnedAway > 0)
    return `this machine could not, ${turnedAway.toLocaleString('en')} journeys were turned away while others waited for answers`;
  const { unexpected, unanswered } = counts.total;
  if (unexpected + unanswered > 0) return 'journeys ended early, because requests failed';
  return `this machine could not, journeys began up to ${worstLagSeconds.toFixed(2)} s late`;
}

/** Share in percent, with as many digits as an objective needs. */
export function percent(share: number): string {
  return `${Number((Math.floor(share * 1e5) / 1e3).toFixed(3))} %`;
}

function routeReport({ method, route, sent, results, ...latency }: RouteCounts): RouteReport {
  return {
    name: `${method} ${route}`,
    sent,
    results: Object.fromEntries([...results].map(([result, count]) => [String(result), count])),
    p50Seconds: round(latency.p50Seconds, 4),
    p95Seconds: round(latency.p95Seconds, 4),
    p99Seconds: round(latency.p99Seconds, 4),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
