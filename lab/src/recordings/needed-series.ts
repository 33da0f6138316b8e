/** Which series a set of rules reads, and from how long before the moment at which they are evaluated. */
import { type Matcher, readSelectors, type Selector } from '@lab/prometheus';
import type { Rule } from './rule-set.ts';

/** Queries in templates: `{{ with query "…" }}`. */
const TEMPLATE_QUERY = /\bquery\s+(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g;

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

/** Returns each selector of the rules once, with the longest time that one of them looks back. */
export function neededSeries(rules: readonly Rule[]): Selector[] {
  const needed = new Map<string, Selector>();
  for (const selector of rules.flatMap(expressionsOf).flatMap(readSelectors)) {
    const key = selectorText(selector.matchers);
    const known = needed.get(key);
    if (!known || known.reachMs < selector.reachMs) needed.set(key, selector);
  }
  return [...needed.values()];
}

/** Writes matchers as PromQL. */
export function selectorText(matchers: readonly Matcher[]): string {
  const parts = [...matchers]
    .sort((one, other) => (one.label < other.label ? -1 : 1))
    .map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`);
  return `{${parts.join(',')}}`;
}
