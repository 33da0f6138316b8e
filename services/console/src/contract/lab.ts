import { z } from 'zod';
import { experimentSummarySchema } from './experiments.ts';
import { isoTime } from './time.ts';

/**
 * What every page shows in its frame; small enough to ask for every few seconds.
 *
 *     GET  /api/lab                → labSchema
 *     PUT  /api/lab                labSettingsSchema (bearer LAB_TOKEN) → labSchema
 *     POST /hooks/watchdog         Alertmanager's webhook body → 200 (the dead-man's switch)
 */
export const LINK_NAMES = [
  'web',
  'console',
  'prometheus',
  'alertmanager',
  'grafana',
  'kibana',
  'jaeger',
] as const;

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
  mode: z.enum(['lite', 'full']),
  speed: z.number(),
  version: z.string(),
  startedAt: isoTime,
  /** False in full mode: then the links below lead to the tool that does it. */
  features: z.object({ logs: z.boolean(), traces: z.boolean(), dashboards: z.boolean() }),
  deadMansSwitch: deadMansSwitchSchema,
  runningExperiments: z.array(experimentSummarySchema),
  /** Base URLs of the tools, as a browser reaches them. */
  tools: z.array(z.object({ name: z.enum(LINK_NAMES), title: z.string(), url: z.string() })),
  /**
   * Where one thing is shown, in this mode; replace `{…}` by the encoded value:
   * trace {traceId} · traceLogs {traceId} · logs {query} · dashboard {uid} · runbook {alert} · graph {expr}.
   */
  linkTemplates: z.object({
    trace: z.string(),
    traceLogs: z.string(),
    logs: z.string(),
    dashboard: z.string(),
    runbook: z.string(),
    graph: z.string(),
  }),
});
export type Lab = z.infer<typeof labSchema>;

export const labSettingsSchema = z.strictObject({ speed: z.number().min(1).max(100) });
