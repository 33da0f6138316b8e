/**
 * Time ranges as Grafana writes them in its addresses: `now-1h`, `now`, an ISO date, or milliseconds since the epoch.
 * A range stays relative until it is resolved, so that a page left open keeps up with the clock.
 */
import { humanDuration, parseDuration } from '../format/duration.ts';
import { dateTime, sameDay, shortMoment } from '../format/time.ts';

export interface TimeRange {
  from: string;
  to: string;
}

/** Milliseconds since the epoch, `from` before `to`. */
export interface ResolvedRange {
  from: number;
  to: number;
}

export const DEFAULT_RANGE: TimeRange = { from: 'now-30m', to: 'now' };

export const QUICK_RANGES: readonly { label: string; range: TimeRange }[] = [
  { label: 'Last 5 minutes', range: { from: 'now-5m', to: 'now' } },
  { label: 'Last 15 minutes', range: { from: 'now-15m', to: 'now' } },
  { label: 'Last 30 minutes', range: { from: 'now-30m', to: 'now' } },
  { label: 'Last hour', range: { from: 'now-1h', to: 'now' } },
  { label: 'Last 3 hours', range: { from: 'now-3h', to: 'now' } },
  { label: 'Last 6 hours', range: { from: 'now-6h', to: 'now' } },
  { label: 'Last 24 hours', range: { from: 'now-24h', to: 'now' } },
  { label: 'Last 7 days', range: { from: 'now-7d', to: 'now' } },
  { label: 'Last 30 days', range: { from: 'now-30d', to: 'now' } },
];

/** One end of a range. @returns milliseconds since the epoch, or undefined where the text is neither relative, ISO nor a number. */
export function resolveMoment(text: string, now: number): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'now') return now;
  const relative = /^now-(.+)$/.exec(trimmed);
  if (relative?.[1] !== undefined) {
    const seconds = parseDuration(relative[1]);
    return seconds === undefined ? undefined : now - seconds * 1000;
  }
  if (/^\d{10,16}$/.test(trimmed)) return Number(trimmed);
  if (!/^\d{4}-\d{2}-\d{2}/.test(trimmed)) return undefined;
  const parsed = Date.parse(trimmed.replace(' ', 'T'));
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** @returns undefined where an end cannot be read, or the range is empty or runs backwards. */
export function resolveRange(range: TimeRange, now: number): ResolvedRange | undefined {
  const from = resolveMoment(range.from, now);
  const to = resolveMoment(range.to, now);
  if (from === undefined || to === undefined || from >= to) return undefined;
  return { from, to };
}

/** A range that follows the clock is refreshed; a fixed one is not. */
export function isLive(range: TimeRange): boolean {
  return range.to.trim() === 'now';
}

/** What the picker's button says. */
export function describeRange(range: TimeRange, now: number): string {
  const quick = QUICK_RANGES.find((entry) => entry.range.from === range.from && entry.range.to === range.to);
  if (quick) return quick.label;
  const resolved = resolveRange(range, now);
  if (!resolved) return 'Unreadable time range';
  if (isLive(range) && range.from.startsWith('now-'))
    return `Last ${humanDuration((resolved.to - resolved.from) / 1000)}`;
  const end = sameDay(resolved.from, resolved.to) ? dateTime(resolved.to).slice(11) : dateTime(resolved.to);
  return `${shortMoment(resolved.from, now)} to ${sameDay(resolved.to, now) ? end.slice(-8) : end}`;
}

/** A fixed range from two moments, as the brush makes it; ends are written in milliseconds. */
export function fixedRange(fromMs: number, toMs: number): TimeRange {
  const [low, high] = fromMs <= toMs ? [fromMs, toMs] : [toMs, fromMs];
  return { from: String(Math.floor(low)), to: String(Math.ceil(Math.max(high, low + 1000))) };
}

/** Twice as wide around the middle, never beyond the present. */
export function zoomOut(range: ResolvedRange, now: number): TimeRange {
  const half = range.to - range.from;
  const middle = (range.from + range.to) / 2;
  return fixedRange(middle - half, Math.min(now, middle + half));
}

/** Moved by half its width, into the past (-1) or towards the present (1). */
export function shift(range: ResolvedRange, direction: -1 | 1, now: number): TimeRange {
  const width = range.to - range.from;
  const to = Math.min(now, range.to + (direction * width) / 2);
  return fixedRange(to - width, to);
}
