/** What a log line says, from its Elastic Common Schema fields. */
import type { LogRecord } from '../../contract/logs.ts';
import { latency } from '../format/duration.ts';
import { visible } from '../format/visible.ts';

/** Why a line is not a whole record of ours, in words. */
export const DEFECTS: Readonly<Record<NonNullable<LogRecord['defect']>, string>> = {
  'not-json': 'The line is not JSON; it is shown as it stands.',
  'not-an-object': 'The line is JSON, but not an object.',
  'too-long': 'The line was too long and was cut.',
  'bad-timestamp': 'Its timestamp cannot be read; the time is that of its arrival.',
  'no-timestamp': 'It has no timestamp; the time is that of its arrival.',
  unterminated: 'The line had no end when its file was rotated away.',
};

const textField = (fields: LogRecord['fields'], name: string) => {
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};

/**
 * What an access line's fields say beyond its message, `GET /api/v1/tasks 200 12.4 ms`: what stands in the message already
 * (`GET /api/v1/tasks/:id 200`) is not said twice.
 */
export function requestSummary({ fields, message }: LogRecord): string {
  const path = textField(fields, 'url.path');
  if (path === undefined) return '';
  const nanoseconds = fields['event.duration'];
  const said = new Set(message.split(/\s+/));
  return [textField(fields, 'http.request.method'), path, textField(fields, 'http.response.status_code')]
    .filter((part) => part !== undefined && !said.has(part))
    .concat(typeof nanoseconds === 'number' ? latency(nanoseconds / 1e9) : [])
    .join(' ');
}

/** Order in which an expanded record lists its fields: what is asked first comes first, the rest by name. */
const FIRST = ['message', 'error.type', 'error.message', 'error.stack_trace', 'log.level', 'service.name'];

export function orderedFields(fields: LogRecord['fields']): [name: string, value: unknown][] {
  const rank = (name: string) => {
    const index = FIRST.indexOf(name);
    return index < 0 ? FIRST.length : index;
  };
  return Object.entries(fields).sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}

/** A field's value as text; only objects and lists become JSON. */
export function fieldText(value: unknown): string {
  return visible(typeof value === 'string' ? value : JSON.stringify(value, undefined, 1));
}
