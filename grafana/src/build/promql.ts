/** The few shapes that most queries have. `$__rate_interval` is never shorter than four scrapes. */

const WINDOW = '$__rate_interval';

/** Events a second of a counter, added up by labels. */
export function perSecond(counter: string, by = ''): string {
  return `sum${grouping(by)}(rate(${counter}[${WINDOW}]))`;
}

/** Events in the whole time that is shown. */
export function total(counter: string, by = ''): string {
  return `sum${grouping(by)}(increase(${counter}[$__range]))`;
}

/** A quantile of a histogram. @param buckets the `_bucket` series. @param share 0 to 1. */
export function quantile(share: number, buckets: string, by = ''): string {
  const labels = by === '' ? 'le' : `le, ${by}`;
  return `histogram_quantile(${share}, sum by (${labels}) (rate(${buckets}[${WINDOW}])))`;
}

/** Mean of a histogram. @param metric without suffix; `selector` with braces. */
export function mean(metric: string, selector: string, by = ''): string {
  return `${perSecond(`${metric}_sum${selector}`, by)} / (${perSecond(`${metric}_count${selector}`, by)} > 0)`;
}

/** A part of a whole, both already per second: 0 where the part has no series yet, nothing without the whole. */
export function share(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / (${whole} > 0)`;
}

/** Buckets of a histogram for a heatmap. */
export function buckets(series: string): string {
  return `sum by (le) (increase(${series}[${WINDOW}]))`;
}

/**
 * What several watchers tell of one and the same thing (exporters of one database, a pair of Prometheus), added up by labels: within each,
 * and of them the one that says most. Adding over them would count everything as often as it is watched.
 */
export function seenByOne(series: string, by = ''): string {
  return `max${grouping(by)}(sum${grouping(by === '' ? 'instance' : `instance, ${by}`)}(${series}))`;
}

/** Events a second of a counter that several watchers tell of. */
export function perSecondSeenByOne(counter: string, by = ''): string {
  return seenByOne(`rate(${counter}[${WINDOW}])`, by);
}

function grouping(by: string): string {
  return by === '' ? ' ' : ` by (${by}) `;
}
