/** What experiments ask Prometheus: which alerts are active, whether a hypothesis holds, how a signal went. */
import { scalePromql } from '@lab/prometheus';
import { z } from 'zod';
import { describeError } from '../../cli/failure.ts';
import { getJson } from '../../get-json.ts';
import { query } from '../../readiness/prometheus-client.ts';
import type { Hypothesis } from '../experiment/schema.ts';
import type { ActiveAlert } from '../run/chronicle.ts';

const LOOK_MS = 2_000;

const alertsAnswer = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        state: z.enum(['pending', 'firing']),
        activeAt: z.string(),
      }),
    ),
  }),
});

/** Every alert that is pending or firing, the watchdog apart. @throws where Prometheus does not answer in time. */
export async function activeAlerts(prometheusUrl: string): Promise<ActiveAlert[]> {
  return alertsAnswer
    .parse(await getJson(`${prometheusUrl}/api/v1/alerts`, AbortSignal.timeout(LOOK_MS)))
    .data.alerts.map(({ labels, state, activeAt }) => ({
      alert: labels['alertname'] ?? '?',
      labels,
      state,
      activeAt: Date.parse(activeAt),
    }))
    .filter(({ alert }) => alert !== 'Watchdog');
}

/**
 * Alerts that Alertmanager may still hold in a group, a quarter of an hour after their end (see GROUP_LIVES_MS) and some slack, with the
 * moment at which each was last seen firing, Unix milliseconds.
 */
export async function recentlyFired(prometheusUrl: string): Promise<Map<string, number>> {
  const last = 'max by (alertname) (max_over_time(timestamp(ALERTS{alertstate="firing"})[20m:5s]))';
  const samples = await query(prometheusUrl, last, AbortSignal.timeout(LOOK_MS)).catch(() => []);
  return new Map(samples.map(({ labels, value }) => [labels['alertname'] ?? '', value * 1000]));
}

/** What of it does not hold, a line each. */
export async function deviations(
  prometheusUrl: string,
  hypothesis: readonly Hypothesis[],
  speed: number,
): Promise<string[]> {
  const lines = await Promise.all(hypothesis.map((each) => deviation(prometheusUrl, each, speed)));
  return lines.filter((line) => line !== undefined);
}

async function deviation(
  prometheusUrl: string,
  { what, query: expression, atLeast, atMost, absent }: Hypothesis,
  speed: number,
): Promise<string | undefined> {
  try {
    const samples = await query(prometheusUrl, scalePromql(expression, speed), AbortSignal.timeout(LOOK_MS));
    const values = samples.filter(({ value }) => !Number.isNaN(value));
    if (values.length === 0) return absent === 'ok' ? undefined : `${what}: not known yet`;
    const low = values.find(({ value }) => atLeast !== undefined && value < atLeast);
    const high = values.find(({ value }) => atMost !== undefined && value > atMost);
    const off = low ?? high;
    if (!off) return undefined;
    const bound = off === low ? `at least ${atLeast}` : `at most ${atMost}`;
    const where = off.labels['instance'] ?? off.labels['target_name'] ?? off.labels['queue'];
    return `${what}: expected ${bound}, found ${Number(off.value.toPrecision(3))}${where ? ` (${where})` : ''}`;
  } catch (error) {
    return `${what}: Prometheus does not say (${describeError(error)})`;
  }
}

const rangeAnswer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

export interface Series {
  labels: Record<string, string>;
  /** Unix milliseconds and value. */
  points: [at: number, value: number][];
}

/** A query over a stretch of time, for the charts. Empty where Prometheus does not answer: a chart is no promise. */
export async function queryRange(
  prometheusUrl: string,
  expression: string,
  { from, to }: { from: number; to: number },
): Promise<Series[]> {
  const step = Math.max(1, Math.ceil((to - from) / 1000 / 300));
  const parameters = new URLSearchParams({
    query: expression,
    start: String(from / 1000),
    end: String(to / 1000),
    step: String(step),
  });
  try {
    const url = `${prometheusUrl}/api/v1/query_range?${parameters}`;
    return rangeAnswer
      .parse(await getJson(url, AbortSignal.timeout(5_000)))
      .data.result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([at, value]) => [at * 1000, Number(value)]),
      }));
  } catch {
    // The chart is drawn without this signal.
    return [];
  }
}
