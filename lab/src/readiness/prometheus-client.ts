/** The few questions that `lab` asks Prometheus and Alertmanager, answers checked. */
import { z } from 'zod';
import { getJson } from '../get-json.ts';

const vector = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

const rules = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() })),
      }),
    ),
  }),
});

const alertmanagers = z.object({
  data: z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) }),
});

const alerts = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.string(),
    status: z.object({ state: z.string() }),
  }),
);

const targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.record(z.string(), z.string()), health: z.string(), lastError: z.string() }),
    ),
  }),
});

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

export interface RuleReport {
  groups: number;
  rules: number;
  /** Rules that could not be evaluated, with Prometheus's words. */
  failing: string[];
}

export interface FiringAlert {
  name: string;
  labels: Record<string, string>;
  summary: string;
  startsAt: string;
  suppressed: boolean;
}

export async function query(
  prometheusUrl: string,
  expression: string,
  signal: AbortSignal,
): Promise<Sample[]> {
  const url = `${prometheusUrl}/api/v1/query?${new URLSearchParams({ query: expression })}`;
  const { data } = vector.parse(await getJson(url, signal));
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** How many targets there are, and those that were asked and did not answer, with the reason. */
export async function scrapedTargets(
  prometheusUrl: string,
  signal: AbortSignal,
): Promise<{ total: number; failing: string[] }> {
  const body = await getJson(`${prometheusUrl}/api/v1/targets?state=active`, signal);
  const { activeTargets } = targets.parse(body).data;
  const failing = activeTargets
    .filter(({ health }) => health === 'down')
    .map(({ labels, lastError }) => `${labels['instance']} (${lastError})`);
  return { total: activeTargets.length, failing };
}

export async function loadedRules(prometheusUrl: string, signal: AbortSignal): Promise<RuleReport> {
  const { groups } = rules.parse(await getJson(`${prometheusUrl}/api/v1/rules`, signal)).data;
  const all = groups.flatMap((group) => group.rules);
  const failing = all
    .filter(({ health }) => health === 'err')
    .map(({ name, lastError }) => `${name}: ${lastError ?? 'no reason given'}`);
  return { groups: groups.length, rules: all.length, failing };
}

export async function reachedAlertmanagers(prometheusUrl: string, signal: AbortSignal): Promise<string[]> {
  const body = await getJson(`${prometheusUrl}/api/v1/alertmanagers`, signal);
  return alertmanagers.parse(body).data.activeAlertmanagers.map(({ url }) => url);
}

/** What Alertmanager holds as firing; the watchdog, which always fires, is left out. */
export async function firingAlerts(alertmanagerUrl: string, signal: AbortSignal): Promise<FiringAlert[]> {
  return alerts
    .parse(await getJson(`${alertmanagerUrl}/api/v2/alerts`, signal))
    .filter(({ labels }) => labels['alertname'] !== 'Watchdog')
    .map(({ labels, annotations, startsAt, status }) => ({
      name: labels['alertname'] ?? '?',
      labels,
      summary: annotations['summary'] ?? '',
      startsAt,
      suppressed: status.state === 'suppressed',
    }));
}
