import { z } from 'zod';
import { known } from './problem.ts';
import { isoTime } from './time.ts';

/**
 *     GET /api/alerts   → alertsSchema: firing first, then pending
 *     GET /api/rules    → rulesSchema: every rule file, group and rule with its state
 *     GET /api/alertmanager/config → alertmanagerConfigSchema: configuration and its routing tree
 *     GET /api/alertmanager/{status,silences,alerts} → Alertmanager's own v2 answers, passed through
 *     GET|POST /api/prometheus/{query,query_range,series,labels,label/<name>/values,rules,alerts,targets,query_exemplars,metadata}
 *         → Prometheus's own answers, passed through (502 problem when it cannot be reached, 504 when it takes too long)
 */
const labels = z.record(z.string(), z.string());

export const alertSchema = z.object({
  name: z.string(),
  state: z.enum(['firing', 'pending']),
  labels,
  annotations: labels,
  severity: z.string().nullable(),
  summary: z.string().nullable(),
  description: z.string().nullable(),
  /** When the expression became true. */
  activeAt: isoTime,
  /** As Prometheus prints it, e.g. `7.4e-02`; `NaN` and `+Inf` occur. */
  value: z.string(),
  /** Path of the runbook on this console, when there is one. */
  runbook: z.string().nullable(),
  dashboardUrl: z.string().nullable(),
  /** What Alertmanager does with it; unknown when it cannot be reached or has not got it yet. */
  delivery: known(
    z.object({
      state: z.enum(['active', 'suppressed', 'unprocessed']),
      silencedBy: z.array(z.string()),
      inhibitedBy: z.array(z.string()),
      receivers: z.array(z.string()),
      fingerprint: z.string(),
    }),
  ),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertsSchema = z.object({ alerts: known(z.array(alertSchema)), at: isoTime });
export type Alerts = z.infer<typeof alertsSchema>;

export const ruleSchema = z.object({
  type: z.enum(['alerting', 'recording']),
  name: z.string(),
  query: z.string(),
  labels,
  annotations: labels,
  /** Alerting rules: inactive, pending or firing; recording rules: null. */
  state: z.enum(['inactive', 'pending', 'firing', 'unknown']).nullable(),
  forSeconds: z.number().nullable(),
  keepFiringForSeconds: z.number().nullable(),
  health: z.enum(['ok', 'err', 'unknown']),
  lastError: z.string().nullable(),
  lastEvaluationAt: isoTime.nullable(),
  evaluationSeconds: z.number().nullable(),
  /** How many alerts of this rule are firing and pending. */
  firing: z.number(),
  pending: z.number(),
  runbook: z.string().nullable(),
});
export type Rule = z.infer<typeof ruleSchema>;

export const rulesSchema = z.object({
  groups: known(
    z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        intervalSeconds: z.number(),
        lastEvaluationAt: isoTime.nullable(),
        rules: z.array(ruleSchema),
      }),
    ),
  ),
});
export type Rules = z.infer<typeof rulesSchema>;

/** One node of the routing tree, with what it inherits from its parents filled in. */
export const routeSchema = z.object({
  receiver: z.string(),
  matchers: z.array(z.string()),
  groupBy: z.array(z.string()),
  groupWait: z.string().nullable(),
  groupInterval: z.string().nullable(),
  repeatInterval: z.string().nullable(),
  continue: z.boolean(),
  muteTimeIntervals: z.array(z.string()),
  activeTimeIntervals: z.array(z.string()),
  get routes() {
    return z.array(routeSchema);
  },
});
export type AlertRoute = z.infer<typeof routeSchema>;

export const alertmanagerConfigSchema = z.object({
  version: z.string(),
  startedAt: isoTime.nullable(),
  /** As Alertmanager shows it: secrets are already hidden by it. */
  yaml: z.string(),
  /** Null with the reason when the text could not be understood. */
  routing: known(routeSchema),
  receivers: z.array(z.object({ name: z.string(), integrations: z.array(z.string()) })),
  inhibitRules: z.array(
    z.object({ source: z.array(z.string()), target: z.array(z.string()), equal: z.array(z.string()) }),
  ),
});
export type AlertmanagerConfig = z.infer<typeof alertmanagerConfigSchema>;
