/** The curves of a rehearsal's pictures: what an alert watches, and what it compares that with. */
import type { Chart, ChartSeries } from '../chaos/report/chart.ts';
import { type ReadRules, signalToDraw } from '../chaos/report/charts.ts';
import type { Episode, RecordingFacts } from '../recordings/recording.ts';
import type { Plan } from './plan.ts';
import { EvaluationError, queryRange } from './query-range.ts';

export type Drawn = Pick<Chart, 'series' | 'threshold' | 'condition'>;

export interface Picture {
  alert: string;
  /** Undefined where the rule compares nothing, or is not there. */
  before: Drawn | undefined;
  after: Drawn | undefined;
}

/** A picture is some 800 points wide. */
const STEPS = 300;
const MOST = 4;

/**
 * The edited alerts that had to fire, fired, or would fire now, else the first edited one; where none was edited, the first promised one.
 * @param after what would happen now; undefined where that is not known yet: then any edited one is shown.
 */
export function alertsToShow(
  { must, fired }: RecordingFacts,
  { touched, removed }: Plan,
  played: ReadonlySet<string>,
  after: readonly Episode[] | undefined,
): string[] {
  const promised = must.map(({ alert }) => alert);
  const edited = [...touched, ...removed].filter((alert) => played.has(alert) || removed.includes(alert));
  if (edited.length === 0) return promised.filter((alert) => played.has(alert)).slice(0, 1);
  const seen = new Set([...promised, ...[...fired, ...(after ?? [])].map(({ alert }) => alert)]);
  const happened = edited.filter((alert) => seen.has(alert));
  const others = edited.filter((alert) => !seen.has(alert));
  return [...happened, ...(after && happened.length > 0 ? [] : others.slice(0, after ? 1 : MOST))].slice(
    0,
    MOST,
  );
}

export async function drawAll(
  alerts: readonly string[],
  url: string,
  facts: RecordingFacts,
  rules: ReadRules,
): Promise<{ alert: string; drawn: Drawn | undefined }[]> {
  return Promise.all(alerts.map(async (alert) => ({ alert, drawn: await draw(alert, url, facts, rules) })));
}

async function draw(
  alert: string,
  url: string,
  { from, to, speed, evaluationMs }: RecordingFacts,
  rules: ReadRules,
): Promise<Drawn | undefined> {
  const signal = signalToDraw([alert], speed, rules);
  if (!signal) return undefined;
  const stepMs = Math.max(evaluationMs, Math.ceil((to - from) / STEPS));
  const series = async (queries: readonly string[], isThreshold: boolean): Promise<ChartSeries[]> => {
    const found = await Promise.all(queries.map((query) => curve(url, query, { from, to, stepMs })));
    return found
      .flat()
      .map(({ labels, points }) => ({ label: Object.values(labels).join(' '), points, isThreshold }));
  };
  return {
    series: [...(await series(signal.queries, false)), ...(await series(signal.bounds, true))],
    threshold: signal.threshold,
    ...(signal.condition === undefined ? {} : { condition: signal.condition }),
  };
}

/** A curve that Prometheus refuses is missing from the picture; that the rule is refused is said elsewhere. */
async function curve(url: string, query: string, grid: Parameters<typeof queryRange>[2]) {
  try {
    return await queryRange(url, query, grid);
  } catch (error) {
    if (error instanceof EvaluationError) return [];
    throw error;
  }
}
