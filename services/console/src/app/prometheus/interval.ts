/**
 * How finely to ask: Grafana's `$__interval` and `$__rate_interval`, so that one dashboard file behaves the same in both.
 * https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
 */

/** Seconds. Intervals snap to these so that a graph does not change shape with every pixel of width. */
const NICE = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  604_800,
];

/** Prometheus refuses more points than this in one series. */
const MAX_POINTS = 11_000;

export interface StepOptions {
  /** Width of the range in seconds. */
  rangeSeconds: number;
  /** About one point a pixel. */
  maxDataPoints: number;
  /** The panel's or target's own minimum, or else the scrape interval. Seconds. */
  minIntervalSeconds: number;
}

/** `$__interval` in seconds: the smallest nice step that keeps a series within `maxDataPoints`. */
export function chooseStep({ rangeSeconds, maxDataPoints, minIntervalSeconds }: StepOptions): number {
  const exact = rangeSeconds / Math.max(1, Math.min(maxDataPoints, MAX_POINTS));
  const nice = NICE.find((step) => step >= exact) ?? Math.ceil(exact / 86_400) * 86_400;
  return Math.max(nice, minIntervalSeconds);
}

/** `$__rate_interval`: never shorter than four scrapes, so that `rate` always has enough samples. Seconds. */
export function rateInterval(stepSeconds: number, scrapeIntervalSeconds: number): number {
  return Math.max(stepSeconds + scrapeIntervalSeconds, 4 * scrapeIntervalSeconds);
}

/** Both ends on a multiple of the step, so that refreshing does not make a graph flicker. Seconds. */
export function alignRange(
  fromMs: number,
  toMs: number,
  stepSeconds: number,
): { start: number; end: number } {
  const snap = (ms: number) => Math.floor(ms / 1000 / stepSeconds) * stepSeconds;
  return { start: snap(fromMs), end: snap(toMs) };
}
