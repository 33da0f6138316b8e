/** Which series a set of rules reads, from how long before the moment at which they are evaluated, and how much of them. */
import { type Matcher, readSelectors } from '@lab/prometheus';
import type { RawSeries } from '../remote-storage/read-series.ts';
import type { Rule } from './rule-set.ts';
import { keepSamples, pointsOf } from './samples.ts';

/** Queries in templates: `{{ with query "…" }}`. */
const TEMPLATE_QUERY = /\bquery\s+(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g;
/** Before the first evaluation, at least: a series that is scraped less often than others is there too. */
const SHORTEST_REACH_MS = 15_000;

export interface NeededSeries {
  matchers: readonly Matcher[];
  /** Milliseconds before an evaluation from which every sample is read. */
  denseMs: number;
  /** What subqueries read beyond that: the last sample before each of their moments, which are whole multiples of the step. */
  sparse: { reachMs: number; stepMs: number }[];
}

/** Returns the expressions that a rule evaluates: its own, and those that its labels and annotations ask for. */
export function expressionsOf({ expr, labels, annotations }: Rule): string[] {
  const texts = [...Object.values(labels), ...Object.values(annotations)];
  return [expr, ...texts.flatMap(templateQueries)];
}

/** Returns the PromQL that a template asks for; only what stands there in plain text. */
export function templateQueries(template: string): string[] {
  return [...template.matchAll(TEMPLATE_QUERY)].map(([, quoted, raw]) =>
    raw === undefined ? (JSON.parse(`"${quoted}"`) as string) : raw,
  );
}

/** Returns each selector of the rules once. @param evaluationMs the step of subqueries that leave it open. */
export function neededSeries(rules: readonly Rule[], evaluationMs: number): NeededSeries[] {
  const needed = new Map<string, NeededSeries>();
  for (const { matchers, reachMs, stepMs } of rules.flatMap(expressionsOf).flatMap(readSelectors)) {
    const key = selectorText(matchers);
    const one = needed.get(key) ?? { matchers, denseMs: SHORTEST_REACH_MS, sparse: [] };
    needed.set(key, one);
    if (stepMs === undefined) one.denseMs = Math.max(one.denseMs, reachMs);
    else one.sparse.push({ reachMs, stepMs: stepMs || evaluationMs });
  }
  return [...needed.values()];
}

/** Milliseconds before an evaluation from which something of it is read. */
export function reachOf({ denseMs, sparse }: NeededSeries): number {
  return Math.max(denseMs, ...sparse.map(({ reachMs }) => reachMs + SHORTEST_REACH_MS));
}

/** Leaves out the samples that nothing reads. @param from the first evaluation, Unix milliseconds. */
export function thinned(series: RawSeries, { denseMs, sparse }: NeededSeries, from: number): RawSeries {
  // It was read from no further back.
  if (sparse.length === 0) return series;
  const steps = [...new Set(sparse.map(({ stepMs }) => stepMs))];
  const times = pointsOf(series).map(([at]) => at);
  return keepSamples(series, (index) => {
    const [at = 0, next = Number.POSITIVE_INFINITY] = [times[index], times[index + 1]];
    return (
      at >= from - denseMs ||
      next > from - denseMs ||
      steps.some((step) => Math.ceil(at / step) < Math.ceil(next / step))
    );
  });
}

/** Writes matchers as PromQL. */
export function selectorText(matchers: readonly Matcher[]): string {
  const parts = [...matchers]
    .sort((one, other) => (one.label < other.label ? -1 : 1))
    .map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`);
  return `{${parts.join(',')}}`;
}
