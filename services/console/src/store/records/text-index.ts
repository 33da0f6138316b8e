/**
 * What the full-text index holds, and how text becomes words. The index (SQLite FTS5, tokenizer `ascii`) and the evaluator
 * of queries use these same functions, so that what the index finds is what the evaluator accepts.
 * A word is a run of a-z, 0-9 and characters beyond ASCII, in lower case; a UUID counts as one word (its 32 digits).
 * Words starting with `~` are ours (level, service, …): a tilde in text never gets into the index.
 */
import type { Fields } from './fields.ts';

/** Unique or constant on every line, or numbers: not worth an entry per line. Queries on them read the records instead. */
const UNINDEXED = new Set([
  '@timestamp',
  'ecs.version',
  'event.duration',
  'event.sequence',
  'log.level',
  'process.pid',
  'service.environment',
  'service.instance.id',
  'service.version',
  'span.id',
]);

/** Fields that most records have: an entry "has this field" would be on nearly every line. */
const COMMON = new Set([
  ...UNINDEXED,
  'client.ip',
  'event.action',
  'host.name',
  'http.request.id',
  'http.request.method',
  'http.response.body.bytes',
  'http.response.status_code',
  'http.route',
  'message',
  'service.name',
  'trace.id',
  'url.path',
  'user_agent.original',
]);

export const STATUS_FIELD = 'http.response.status_code';
export const DURATION_FIELD = 'event.duration';

/** Longest text of one record that is indexed and searched, characters. */
const MAX_TEXT = 16_384;

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const UNUSUAL = /[~\0\u0080-\uffff]/;
/** A tilde, NUL, and the punctuation and blanks beyond ASCII part words, as they do within ASCII. */
const SEPARATORS =
  /[~\0\u0080-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u2000-\u206f\u3000-\u3003\u3008-\u3020\ufeff]/g;

/** Whether values of the field are in the index, so that a query on it may be narrowed by words. */
export function isIndexed(field: string): boolean {
  return !UNINDEXED.has(field);
}

/** Whether records say in the index that they have the field. */
export function isMarked(field: string): boolean {
  return !COMMON.has(field);
}

/** Lower case, UUIDs without dashes, odd separators as blanks. */
export function normalise(text: string): string {
  const lower = text.toLowerCase();
  const plain = UNUSUAL.test(lower) ? lower.replace(SEPARATORS, ' ') : lower;
  return plain.includes('-') ? plain.replace(UUID, (uuid) => uuid.replaceAll('-', '')) : plain;
}

/** Words of a normalised text, in order. */
export function words(normalised: string): string[] {
  return normalised.match(/[a-z0-9\u0080-\uffff]+/g) ?? [];
}

/** The part of a record that free words search, normalised; values stand on lines of their own. */
export function searchableText(fields: Fields): string {
  let text = '';
  for (const field in fields) {
    if (UNINDEXED.has(field)) continue;
    const value = fields[field];
    if (typeof value === 'string') text += `${value}\n`;
    else if (Array.isArray(value)) {
      for (const element of value) if (typeof element === 'string') text += `${element}\n`;
    }
  }
  const status = fields[STATUS_FIELD];
  if (typeof status === 'number') text += status;
  return normalise(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);
}

/** The word that says "has this field". */
export function fieldMark(field: string): string {
  return `~f${field.toLowerCase().replace(/[^a-z0-9]/g, '')}`;
}

/** Power-of-two step of a duration in nanoseconds, 0 to 62. */
export function durationStep(nanoseconds: number): number {
  return nanoseconds < 1 ? 0 : Math.min(62, Math.floor(Math.log2(nanoseconds)));
}

/** Our own words about a record, apart from its level and service. */
export function marks(fields: Fields): string {
  let text = '';
  for (const field in fields) if (!COMMON.has(field)) text += ` ${fieldMark(field)}`;
  const status = fields[STATUS_FIELD];
  if (typeof status === 'number') text += ` ~c${Math.floor(status / 100)}`;
  const duration = fields[DURATION_FIELD];
  if (typeof duration === 'number') text += ` ~d${durationStep(duration)}`;
  return text;
}
