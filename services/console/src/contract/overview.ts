import { z } from 'zod';
import { alertSchema } from './alerts.ts';
import { known } from './problem.ts';
import { isoTime } from './time.ts';

/** `GET /api/overview` → overviewSchema. Always 200: what could not be found out says so itself. */
export const partSchema = z.object({
  /** Name of the program or tool, e.g. `taskmanager-api`. */
  name: z.string(),
  /** What people call it; null for what this lab's list of parts does not have. */
  title: z.string().nullable(),
  /** Prometheus job and instance, null for what Prometheus does not watch yet. */
  job: z.string().nullable(),
  instance: z.string().nullable(),
  state: z.enum(['up', 'down', 'unknown']),
  /** Error of the last scrape, or why the state is unknown. */
  detail: z.string().nullable(),
  lastSeenAt: isoTime.nullable(),
  /** Resident memory as the part reports it. */
  memoryBytes: z.number().nullable(),
  /** When the process started, as it reports itself. */
  startedAt: isoTime.nullable(),
});
export type Part = z.infer<typeof partSchema>;

export const objectiveSchema = z.object({
  slo: z.string(),
  service: z.string().nullable(),
  /** e.g. 0.999 */
  objective: z.number(),
  /** Share of good events over the whole window; null before there was any traffic. */
  attained: z.number().nullable(),
  /** 1 untouched, 0 used up, negative overspent; null before there was any traffic. */
  budgetRemaining: z.number().nullable(),
  /** How many times faster than sustainable the budget burns now; null without traffic. */
  burnRate: z.number().nullable(),
});
export type Objective = z.infer<typeof objectiveSchema>;

export const trafficSchema = z.object({
  requestsPerSecond: z.number(),
  /** Share of requests answered 5xx; null without requests. */
  errorRatio: z.number().nullable(),
  /** Null without requests. */
  p50Seconds: z.number().nullable(),
  p95Seconds: z.number().nullable(),
  p99Seconds: z.number().nullable(),
  /** The last 30 minutes, for a small chart; null where unknown. */
  history: z.array(
    z.object({
      time: isoTime,
      requestsPerSecond: z.number().nullable(),
      errorRatio: z.number().nullable(),
      p95Seconds: z.number().nullable(),
    }),
  ),
});
export type Traffic = z.infer<typeof trafficSchema>;

export const overviewSchema = z.object({
  at: isoTime,
  parts: z.array(partSchema),
  /** Whether Prometheus could be asked about the parts. */
  partsSource: known(z.literal('prometheus')),
  alerts: known(z.array(alertSchema)),
  objectives: known(z.array(objectiveSchema)),
  traffic: known(trafficSchema),
});
export type Overview = z.infer<typeof overviewSchema>;
