import { z } from 'zod';
import { experimentSummarySchema, modeSchema } from './experiments.ts';
import { isoTime } from './time.ts';

/**
 * What every page shows in its frame; small enough to ask for every few seconds.
 *
 *     GET  /api/lab                → labSchema
 *     PUT  /api/lab                labSettingsSchema (bearer LAB_TOKEN) → labSchema
 *     POST /hooks/watchdog         Alertmanager's webhook body → 200 (the dead-man's switch)
 */

export const deadMansSwitchSchema = z.object({
  /** `waiting`: started lately, nothing expected yet. `silent`: the alert path is broken somewhere. */
  state: z.enum(['waiting', 'alive', 'silent']),
  lastSeenAt: isoTime.nullable(),
  silentSince: isoTime.nullable(),
  /** A watchdog is expected this often (60 s divided by the time scale) … */
  intervalSeconds: z.number(),
  /** … and missed after this long. */
  limitSeconds: z.number(),
  /** How often it fell silent since the console's data folder was made. */
  silences: z.number(),
});
export type DeadMansSwitch = z.infer<typeof deadMansSwitchSchema>;

export const labSchema = z.object({
  now: isoTime,
  mode: modeSchema,
  speed: z.number(),
  version: z.string(),
  startedAt: isoTime,
  /** What the console shows itself; where false, the links below lead to the tool that does. */
  features: z.object({ logs: z.boolean(), traces: z.boolean(), dashboards: z.boolean() }),
  deadMansSwitch: deadMansSwitchSchema,
  runningExperiments: z.array(experimentSummarySchema),
  /** Base URLs of the tools, as a browser reaches them; where two show the same, the later one is meant. */
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      url: z.string(),
      shows: z.array(z.enum(['dashboards', 'logs', 'traces'])),
    }),
  ),
  /**
   * Where one thing is shown in this lab; replace `{…}` by the encoded value:
   * trace {traceId} · traces {service} {operation} · traceLogs {traceId} · logs {query} · dashboard {uid} · runbook {alert} · graph {expr}.
   */
  linkTemplates: z.object({
    trace: z.string(),
    traces: z.string(),
    traceLogs: z.string(),
    logs: z.string(),
    dashboard: z.string(),
    runbook: z.string(),
    graph: z.string(),
  }),
});
export type Lab = z.infer<typeof labSchema>;

export const labSettingsSchema = z.strictObject({ speed: z.number().min(1).max(100) });
