/** Due dates: between ISO 8601 in UTC (the API) and the user's own time zone (inputs and text). */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Value for `<input type="datetime-local">`, to the minute; empty for none. */
export function toLocalInput(iso: string | null): string {
  if (iso === null) return '';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  const year = String(date.getFullYear()).padStart(4, '0');
  return `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The moment an input's value means; null for empty. What is no date is passed on as it is, for the schema to refuse. */
export function fromLocalInput(value: string): string | null {
  if (value === '') return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : date.toISOString();
}

export type DueState = 'overdue' | 'soon' | 'later';

/** Soon: within a day. */
export function dueState(iso: string, now: number): DueState {
  const left = Date.parse(iso) - now;
  if (left < 0) return 'overdue';
  return left < DAY ? 'soon' : 'later';
}

/** Such as "24 Dec 2026, 18:00" in the user's language. */
export function formatMoment(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  );
}

const UNITS = [
  ['day', DAY],
  ['hour', DAY / 24],
  ['minute', MINUTE],
] as const;

/** Such as "2 hours ago"; below a minute "just now". */
export function formatAgo(iso: string, now: number): string {
  const elapsed = now - Date.parse(iso);
  for (const [unit, length] of UNITS) {
    const count = Math.floor(elapsed / length);
    if (count >= 1) return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(-count, unit);
  }
  return 'just now';
}
