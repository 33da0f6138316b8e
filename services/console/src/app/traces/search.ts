/** What the trace search's form means: its fields in the address, and the parameters that they stand for. */

import type { TracePage } from '../../contract/traces.ts';
import type { Parameters } from '../api/http.ts';
import { parseDuration } from '../format/duration.ts';
import { shortMoment } from '../format/time.ts';

export const SEARCH_FIELDS = ['service', 'operation', 'min', 'max', 'error', 'tags'] as const;
export type SearchField = (typeof SEARCH_FIELDS)[number];
export type TraceSearch = Readonly<Record<SearchField, string>>;

export function readSearch(search: URLSearchParams): TraceSearch {
  const value = (name: SearchField) => search.get(name) ?? '';
  return {
    service: value('service'),
    operation: value('operation'),
    min: value('min'),
    max: value('max'),
    error: value('error'),
    tags: value('tags'),
  };
}

/** `key=value` pairs divided by blanks; a value with blanks stands in double quotes: `db.name="a b"`. */
export function splitTags(text: string): string[] {
  return [...text.matchAll(/([^\s=]+)=(?:"([^"]*)"|(\S*))/g)].map(
    ([, key, quoted, bare]) => `${key}=${quoted ?? bare ?? ''}`,
  );
}

/** Milliseconds from `150ms`, `1.5s` or a bare number of milliseconds; undefined for anything else. */
export function readMilliseconds(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed);
  const seconds = parseDuration(trimmed);
  return seconds === undefined ? undefined : Math.round(seconds * 1e6) / 1000;
}

/** What is wrong with the form, in words; undefined when it can be sent. */
export function searchProblem({ min, max, tags }: TraceSearch): string | undefined {
  const [low, high] = [readMilliseconds(min), readMilliseconds(max)];
  if (min.trim() !== '' && low === undefined)
    return `“${min}” is no duration: expected 150ms, 1.5s or milliseconds.`;
  if (max.trim() !== '' && high === undefined)
    return `“${max}” is no duration: expected 150ms, 1.5s or milliseconds.`;
  if (low !== undefined && high !== undefined && low > high)
    return 'The shortest duration is above the longest.';
  if (tags.trim() !== '' && splitTags(tags).length === 0)
    return 'Tags: expected key=value, divided by blanks.';
  return undefined;
}

export function searchParameters(search: TraceSearch): Parameters {
  return {
    service: search.service,
    operation: search.operation,
    minDurationMs: readMilliseconds(search.min),
    maxDurationMs: readMilliseconds(search.max),
    error: search.error === 'true' ? 'true' : undefined,
    tag: splitTags(search.tags),
  };
}

/** What a person has to know who takes the chart for the whole range; undefined where it is. */
export function newestOnly(
  traces: readonly { start: string }[],
  { nextCursor, complete }: Pick<TracePage, 'nextCursor' | 'complete'>,
  now = Date.now(),
): string | undefined {
  if (nextCursor === null || !complete || traces.length === 0) return undefined;
  const oldest = Math.min(...traces.map(({ start }) => Date.parse(start)));
  return `Only the newest ${traces.length} traces of the range, back to ${shortMoment(oldest, now)}: older ones by the button below the list, fewer by a search.`;
}
