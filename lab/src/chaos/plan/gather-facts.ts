/** Gathers the facts that a run is planned by: from the checkout's manifest, rules and routes, and from the running Prometheus. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, readManifest } from '@lab/manifest';
import {
  type Alert,
  type Recordings,
  readAlerts,
  readRules,
  recordingsOf,
  seriesRead,
} from '@lab/prometheus';
import { query } from '../../readiness/prometheus-client.ts';
import type { Stack } from '../../stack/stack.ts';
import { until } from '../../wait.ts';
import { soonestInboxMs } from '../contract/minimum.ts';
import { touchedParts } from '../experiment/actions.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Timing } from '../run/timing.ts';
import type { Facts } from './facts.ts';
import { type AlertLabels, readInhibition } from './inhibition.ts';

/** It may just have been started again. */
const ANSWER_DEADLINE_MS = 20_000;

export interface FactsOptions {
  root: string;
  stack: Pick<Stack, 'traits' | 'addresses'>;
  experiments: readonly Experiment[];
  timing: Timing;
  signal: AbortSignal;
}

/** @throws Error where Prometheus does not answer. */
export async function gatherFacts({
  root,
  stack,
  experiments,
  timing,
  signal,
}: FactsOptions): Promise<Facts> {
  const manifest = readManifest(root);
  const alerts = new Map(readAlerts().map((alert) => [alert.name, alert]));
  const recordings = recordingsOf(readRules().values());
  const hides = readInhibition(await readFile(join(root, 'alertmanager', 'alertmanager.yml'), 'utf8'));
  // Asked several times a second: what an expression says is read once.
  const metricsOf = remembered((name) => rawMetrics(alerts.get(name)?.expr ?? '', recordings));
  const isBudget = remembered((name) => isAboutBudget(alerts.get(name)));
  const labelsOf = remembered((name) => knownLabels(name, alerts.get(name)));
  const hiddenBy = remembered((source) => remembered((target) => hides(labelsOf(source), labelsOf(target))));
  const promised = experiments.flatMap((each) => each.alerts.must.map(({ alert }) => alert));
  const exposedBy = await partsByMetric(promised.flatMap(metricsOf), manifest, stack, signal);
  return {
    touches: ({ method }) => touchedParts(method, stack.traits.viewers),
    needs: (part) => neededBy(part, manifest),
    seenThrough(alert) {
      const parts = metricsOf(alert).map((metric) => exposedBy.get(metric));
      return parts.includes(undefined) ? undefined : [...new Set(parts.flatMap((each) => each ?? []))];
    },
    inhibits: (source, target) => hiddenBy(source)(target),
    spendsBudget: isBudget,
    expectedMs: ({ alerts: { must }, holds }) =>
      Math.max(holds / timing.speed, ...must.map(({ alert, needs }) => soonestInboxMs(alert, needs, timing))),
  };
}

/** Rules on recorded series of objectives (prometheus/src/slo). */
function isAboutBudget(alert: Alert | undefined): boolean {
  return alert !== undefined && seriesRead(alert.expr).some(({ metric }) => metric.startsWith('slo:'));
}

function remembered<Answer>(ask: (name: string) => Answer): (name: string) => Answer {
  const known = new Map<string, Answer>();
  return (name) => {
    const answer = known.get(name) ?? ask(name);
    known.set(name, answer);
    return answer;
  };
}

function knownLabels(name: string, alert: Alert | undefined): AlertLabels {
  const fixed = alert?.service?.includes('{{') ? undefined : alert?.service;
  return {
    name,
    labels: {
      severity: alert?.severity,
      service: fixed,
      ...(isAboutBudget(alert) ? { slo: undefined } : {}),
    },
  };
}

/** What Prometheus writes of each scrape itself, whoever was asked. */
const OF_THE_SCRAPE = /^(up|ALERTS|ALERTS_FOR_STATE|scrape_.*)$/;

function rawMetrics(expression: string, recordings: Recordings): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const follow = (text: string) => {
    for (const { metric } of seriesRead(text)) {
      const rules = recordings.get(metric);
      if (rules === undefined && !OF_THE_SCRAPE.test(metric)) found.add(metric);
      if (seen.has(metric)) continue;
      seen.add(metric);
      for (const { expr } of rules ?? []) follow(expr);
    }
  };
  if (expression !== '') follow(expression);
  return [...found];
}

const UNKNOWN = '';

/** Which parts expose each metric now; a metric is left out where that is not known. */
async function partsByMetric(
  metrics: readonly string[],
  { parts }: Manifest,
  { addresses }: Pick<Stack, 'addresses'>,
  signal: AbortSignal,
): Promise<Map<string, string[]>> {
  const partOf = new Map(parts.flatMap(({ name, scrapes }) => scrapes.map(({ job }) => [job, name])));
  // Prometheus refuses a selector of nothing.
  if (metrics.length === 0) return new Map();
  const wanted = [...new Set(metrics)].join('|');
  const expression = `count by (name, job) (label_replace({__name__=~"${wanted}"}, "name", "$1", "__name__", "(.*)"))`;
  const samples = await until(
    'Prometheus to tell which part exposes which metric',
    (attempt) => query(addresses.prometheus, expression, attempt),
    { deadlineMs: ANSWER_DEADLINE_MS, everyMs: 500, signal },
  );
  const found = new Map<string, string[]>();
  for (const { labels } of samples) {
    const { name = '', job = '' } = labels;
    found.set(name, [...(found.get(name) ?? []), partOf.get(job) ?? UNKNOWN]);
  }
  // A job that no part of the manifest has (a person's own, the probes): nobody knows what it needs.
  return new Map([...found].filter(([, exposing]) => !exposing.includes(UNKNOWN)));
}

function neededBy(part: string, { parts }: Manifest): string[] {
  const found = new Set<string>();
  const follow = (name: string) => {
    for (const next of parts.find((each) => each.name === name)?.dependsOn ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      follow(next);
    }
  };
  follow(part);
  return [...found];
}
