/** Alertmanager's answers as typed data. */
import { z } from 'zod';
import { HttpProblem } from '../http/problem.ts';
import { callJson, type Upstream } from '../http/upstream.ts';

const labels = z.record(z.string(), z.string());

const alertsSchema = z.array(
  z.object({
    labels,
    fingerprint: z.string(),
    receivers: z.array(z.object({ name: z.string() })),
    status: z.object({
      state: z.enum(['active', 'suppressed', 'unprocessed']),
      silencedBy: z.array(z.string()),
      inhibitedBy: z.array(z.string()),
    }),
  }),
);
const statusSchema = z.object({
  config: z.object({ original: z.string() }),
  versionInfo: z.object({ version: z.string() }),
  uptime: z.string(),
});
const silencesSchema = z.array(
  z.object({
    id: z.string(),
    status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
    matchers: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean(),
        isEqual: z.boolean().default(true),
      }),
    ),
    startsAt: z.string(),
    endsAt: z.string(),
    updatedAt: z.string(),
    createdBy: z.string(),
    comment: z.string(),
  }),
);

export type AlertmanagerAlert = z.infer<typeof alertsSchema>[number];

/** @throws HttpProblem 502 or 504; so do the others. */
export function readAlerts(alertmanager: Upstream): Promise<AlertmanagerAlert[]> {
  return read(alertmanager, '/api/v2/alerts', alertsSchema);
}

export function readStatus(alertmanager: Upstream) {
  return read(alertmanager, '/api/v2/status', statusSchema);
}

export function readSilences(alertmanager: Upstream) {
  return read(alertmanager, '/api/v2/silences', silencesSchema);
}

async function read<T extends z.ZodType>(upstream: Upstream, path: string, schema: T): Promise<z.output<T>> {
  const result = schema.safeParse(await callJson(upstream, path));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new HttpProblem(
    502,
    `${upstream.name} answered something unexpected to ${path}: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}
