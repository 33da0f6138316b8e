/** Chooses what an experiment's chart shows, and asks Prometheus for it. */
import {
  type Alert,
  type Comparison,
  RuleBook,
  readAlerts,
  readRules,
  scalePromql,
  signalsOf,
  stateComparison,
} from '@lab/prometheus';
import type { ConductedRun } from '../conduct.ts';
import type { Chronicle } from '../run/chronicle.ts';
import type { JudgedExperiment } from '../run/run-suite.ts';
import { queryRange } from '../world/prometheus-view.ts';
import type { Chart, ChartLane, ChartSeries } from './chart.ts';

/** Shown before the method and after the end. */
const MARGIN_MS = 5_000;

/** The signal of an alert, with what its rule compares it with: PromQL and numbers as they are at a run's time scale. */
export interface DrawnSignal {
  alert: string;
  /** The watched side of the rule, and where the rule has several, of each. */
  queries: readonly string[];
  /** Thresholds that are series themselves. */
  bounds: readonly string[];
  threshold: number | undefined;
  /** How the rule compares, such as `> 5%`. */
  condition: string | undefined;
}

export async function chartOf(
  judged: JudgedExperiment,
  { chronicle, timing, endedAt }: Pick<ConductedRun, 'chronicle' | 'timing' | 'endedAt'>,
  prometheusUrl: string,
): Promise<Chart | undefined> {
  const { record, judgement } = judged;
  if (record.methodFrom === undefined) return undefined;
  const span = { from: record.methodFrom - MARGIN_MS, to: (record.endedAt ?? endedAt) + MARGIN_MS };
  const { title, alerts } = record.experiment;
  const signal = signalToDraw(
    alerts.must.map(({ alert }) => alert),
    timing.speed,
    rulesToDraw(),
  );
  const series = async (queries: readonly string[], isThreshold: boolean): Promise<ChartSeries[]> => {
    const found = await Promise.all(queries.map((query) => queryRange(prometheusUrl, query, span)));
    return found
      .flat()
      .map(({ labels, points }) => ({ label: Object.values(labels).join(' '), points, isThreshold }));
  };
  return {
    title: signal ? `${title}: ${signal.alert}` : title,
    ...span,
    series: signal ? [...(await series(signal.queries, false)), ...(await series(signal.bounds, true))] : [],
    threshold: signal?.threshold,
    ...(signal?.condition === undefined ? {} : { condition: signal.condition }),
    lanes: [
      methodLane(judged),
      ...judgement.alerts.map(({ name }) => alertLane(name, chronicle, span.from, span.to)),
    ],
  };
}

/** The rules that signals are read from. */
export interface ReadRules {
  alerts: readonly Alert[];
  book: RuleBook;
}

/** @param texts of the rules by file; the checkout's where none are given. */
export function rulesToDraw(texts: ReadonlyMap<string, string> = readRules()): ReadRules {
  return { alerts: readAlerts(texts), book: new RuleBook(texts) };
}

/**
 * Reads the signal of the first alert that has one from its rule.
 * @param names the alerts that an experiment promises.
 * @returns undefined where no rule of them compares anything: the chart then shows the states alone.
 */
export function signalToDraw(
  names: readonly string[],
  speed: number,
  { alerts, book }: ReadRules,
): DrawnSignal | undefined {
  for (const name of names) {
    const alert = alerts.find((each) => each.name === name);
    const drawn = alert && drawnSignal(alert, speed, book);
    if (drawn) return drawn;
  }
  return undefined;
}

function drawnSignal({ name, expr }: Alert, speed: number, book: RuleBook): DrawnSignal | undefined {
  const signals = signalsOf(scalePromql(expr, speed));
  if (signals.length === 0) return undefined;
  const distinct = (texts: readonly string[]) => [...new Set(texts)];
  const isNumber = ({ threshold }: Comparison) => threshold.value !== undefined;
  const counted = signals.find(isNumber);
  return {
    alert: name,
    queries: distinct(signals.map(({ signal }) => signal)),
    bounds: distinct(signals.filter((each) => !isNumber(each)).map(({ threshold }) => threshold.promql)),
    threshold: counted?.threshold.value,
    condition: counted && stateComparison(counted, book),
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
