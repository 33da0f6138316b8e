/** Chooses what an experiment's chart shows, and asks Prometheus for it. */
import { readAlerts, scalePromql, thresholdValue } from '@lab/prometheus';
import type { ConductedRun } from '../conduct.ts';
import type { Chronicle } from '../run/chronicle.ts';
import type { JudgedExperiment } from '../run/run-suite.ts';
import { queryRange } from '../world/prometheus-view.ts';
import type { Chart, ChartLane } from './chart.ts';
import { signalOf } from './signals.ts';

/** Shown before the method and after the end. */
const MARGIN_MS = 5_000;

export async function chartOf(
  judged: JudgedExperiment,
  { chronicle, timing, endedAt }: Pick<ConductedRun, 'chronicle' | 'timing' | 'endedAt'>,
  prometheusUrl: string,
): Promise<Chart | undefined> {
  const { record, judgement } = judged;
  if (record.methodFrom === undefined) return undefined;
  const [from, to] = [record.methodFrom - MARGIN_MS, (record.endedAt ?? endedAt) + MARGIN_MS];
  const first = record.experiment.alerts.must.find(({ alert }) => signalOf(alert))?.alert;
  const signal = signalOf(first ?? 'HighErrorRate');
  const rule = readAlerts().find(({ name }) => name === (first ?? 'HighErrorRate'));
  const series = signal
    ? await queryRange(prometheusUrl, scalePromql(signal.query, timing.speed), { from, to })
    : [];
  return {
    title: `${record.experiment.title}: ${signal?.title ?? 'alerts'}`,
    from,
    to,
    series: series.map(({ labels, points }) => ({ label: Object.values(labels).join(' '), points })),
    threshold: signal && rule ? (signal.threshold?.(timing.speed) ?? thresholdValue(rule)) : undefined,
    lanes: [methodLane(judged), ...judgement.alerts.map(({ name }) => alertLane(name, chronicle, from, to))],
  };
}

function methodLane({ record }: JudgedExperiment): ChartLane {
  const { methodFrom = 0, rollbackAt, endedAt = methodFrom } = record;
  return {
    label: 'method',
    spans: [{ from: methodFrom, to: rollbackAt ?? endedAt, state: 'method' }],
    marks: [],
  };
}

function alertLane(alert: string, { episodes, messages }: Chronicle, from: number, to: number): ChartLane {
  const own = episodes.filter(
    (each) => each.alert === alert && each.pendingAt <= to && (each.endedAt ?? to) >= from,
  );
  return {
    label: alert,
    spans: own.flatMap(({ pendingAt, firingAt, endedAt = to }) => [
      { from: pendingAt, to: firingAt ?? endedAt, state: 'pending' as const },
      ...(firingAt === undefined ? [] : [{ from: firingAt, to: endedAt, state: 'firing' as const }]),
    ]),
    marks: messages
      .filter((each) => each.alert === alert && each.receivedAt >= from && each.receivedAt <= to)
      .map(({ receivedAt, status }) => ({ at: receivedAt, text: `inbox: ${status}` })),
  };
}
