/** Asks Prometheus for one panel: variables filled in, steps chosen, answers turned into frames. */
import { queryExemplars, queryInstant, queryRange } from '../api/prometheus.ts';
import { parseDuration } from '../format/duration.ts';
import { alignRange, chooseStep, rateInterval } from '../prometheus/interval.ts';
import type { Exemplar, Series } from '../prometheus/result.ts';
import type { ResolvedRange } from '../time/range.ts';
import type { Frame } from './model/frame.ts';
import { interpolate, type Scope } from './model/interpolate.ts';
import type { Panel, Target } from './model/panel.ts';
import { seriesFrames, tableFrame } from './model/series-frames.ts';
import type { Grid } from './model/time-series.ts';
import { transform } from './model/transformations/index.ts';
import { builtInScope } from './model/variables.ts';

/** The lab scrapes every five seconds (prometheus/prometheus.yml); Grafana is told the same in its provisioning. */
export const SCRAPE_SECONDS = 5;

export interface PanelQuery {
  refId: string;
  /** As sent, variables filled in. */
  expr: string;
  kind: 'range' | 'instant';
  stepSeconds: number;
  series: number;
}

export interface PanelData {
  frames: readonly Frame[];
  /** Bucket series of `format: heatmap` targets, before anything else was done to them. */
  buckets: readonly Series[];
  grid: Grid;
  range: ResolvedRange;
  queries: readonly PanelQuery[];
  exemplars: readonly Exemplar[];
}

export interface PanelRequest {
  panel: Panel;
  /** The dashboard's variables. */
  scope: Scope;
  range: ResolvedRange;
  /** Pixels, about one point each. */
  width: number;
  dashboard: string;
}

const POINT_PIXELS = 2;

/** A panel's own range ends where the dashboard's does. */
function panelRange({ timeFrom }: Panel, range: ResolvedRange): ResolvedRange {
  const seconds = timeFrom === undefined ? undefined : parseDuration(timeFrom.replace(/^now-/, ''));
  return seconds === undefined ? range : { from: range.to - seconds * 1000, to: range.to };
}

function minInterval(panel: Panel, target: Target | undefined, scope: Scope): number {
  const written = target?.interval ?? panel.interval;
  if (written === undefined) return SCRAPE_SECONDS;
  return parseDuration(interpolate(written, scope, 'text').replace(/^>/, '')) ?? SCRAPE_SECONDS;
}

function stepOf(
  { panel, scope, width }: PanelRequest,
  target: Target | undefined,
  range: ResolvedRange,
): number {
  return chooseStep({
    rangeSeconds: (range.to - range.from) / 1000,
    maxDataPoints: panel.maxDataPoints ?? Math.max(50, width / POINT_PIXELS),
    minIntervalSeconds: minInterval(panel, target, scope),
  });
}

/** The dashboard's variables and the built-in ones, which depend on the step. */
export function panelScope(request: PanelRequest, range: ResolvedRange, stepSeconds: number): Scope {
  return {
    ...request.scope,
    ...builtInScope({
      fromMs: range.from,
      toMs: range.to,
      stepSeconds,
      rateIntervalSeconds: rateInterval(stepSeconds, SCRAPE_SECONDS),
      dashboard: request.dashboard,
    }),
  };
}

interface Answer {
  frames: Frame[];
  buckets: Series[];
  query: PanelQuery;
  exemplars: Exemplar[];
}

async function ask(
  request: PanelRequest,
  target: Target,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<Answer> {
  const step = stepOf(request, target, range);
  const expr = interpolate(target.expr, panelScope(request, range, step), 'promql');
  const { start, end } = alignRange(range.from, range.to, step);
  const [series, exemplars] = await Promise.all([
    target.instant
      ? queryInstant(expr, range.to / 1000, signal)
      : queryRange({ query: expr, start, end, step }, signal),
    target.exemplar
      ? // Dots are an addition: where the server keeps no exemplars the curve is still worth showing.
        queryExemplars({ query: expr, start: range.from / 1000, end: range.to / 1000 }, signal).catch(
          () => [],
        )
      : [],
  ]);
  const several = request.panel.targets.length > 1;
  const { refId } = target;
  return {
    frames:
      target.format === 'table'
        ? [tableFrame(refId, series, several)]
        : seriesFrames(refId, series, target.legendFormat, expr),
    buckets: target.format === 'heatmap' ? series : [],
    query: {
      refId,
      expr,
      kind: target.instant ? 'instant' : 'range',
      stepSeconds: step,
      series: series.length,
    },
    exemplars,
  };
}

/** @throws ApiError when a query is refused or Prometheus cannot be reached. */
export async function loadPanel(request: PanelRequest, signal: AbortSignal): Promise<PanelData> {
  const range = panelRange(request.panel, request.range);
  const answers = await Promise.all(
    request.panel.targets.map((target) => ask(request, target, range, signal)),
  );
  const step = Math.min(...answers.map(({ query }) => query.stepSeconds), stepOf(request, undefined, range));
  const { start, end } = alignRange(range.from, range.to, step);
  return {
    frames: transform(
      answers.flatMap(({ frames }) => frames),
      request.panel.transformations,
    ),
    buckets: answers.flatMap(({ buckets }) => buckets),
    grid: { start, end, step },
    range,
    queries: answers.map(({ query }) => query),
    exemplars: answers.flatMap(({ exemplars }) => exemplars),
  };
}
