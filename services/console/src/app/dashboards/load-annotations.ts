/** A dashboard's annotations: stretches of time in which a Prometheus query has values. */
import { queryRange } from '../api/prometheus.ts';
import type { AnnotationMark } from '../charts/marks.ts';
import { parseDuration } from '../format/duration.ts';
import { alignRange, chooseStep } from '../prometheus/interval.ts';
import type { ResolvedRange } from '../time/range.ts';
import { SCRAPE_SECONDS } from './load-panel.ts';
import { annotationMarks } from './model/annotations.ts';
import { interpolate, type Scope } from './model/interpolate.ts';
import type { Annotation } from './model/panel.ts';

const POINTS = 600;

/** @throws ApiError when a query is refused or Prometheus cannot be reached. */
export async function loadAnnotations(
  annotations: readonly Annotation[],
  scope: Scope,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<AnnotationMark[]> {
  const lists = await Promise.all(
    annotations.map(async (annotation) => {
      const minimum =
        annotation.step === undefined ? SCRAPE_SECONDS : (parseDuration(annotation.step) ?? SCRAPE_SECONDS);
      const rangeSeconds = (range.to - range.from) / 1000;
      const step = chooseStep({ rangeSeconds, maxDataPoints: POINTS, minIntervalSeconds: minimum });
      const query = interpolate(annotation.expr, scope, 'promql');
      const series = await queryRange({ query, ...alignRange(range.from, range.to, step), step }, signal);
      return annotationMarks(annotation, series, step);
    }),
  );
  return lists.flat();
}
