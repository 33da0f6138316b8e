/**
 * What happened in the invented past, and when: ordinary days, one incident, one slow leak. Pure; no file, no clock.
 * The figures are chosen so that the objectives of prometheus/slo.yaml end up used but not used up.
 */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Times are Unix milliseconds on whole minutes; `to` is included. */
export interface Span {
  from: number;
  to: number;
}

export type Phase = 'ordinary' | 'incident' | 'leak';

export interface Timeline extends Span {
  /** Two and a half hours in which one request in twenty-five fails: what pages. */
  incident: Span;
  /** Four days in which a leaking API gets slower and fails a little more often, until it is restarted: what opens a ticket. */
  leak: Span;
}

/** What the system does in one minute. */
export interface Behaviour {
  phase: Phase;
  requestsPerSecond: number;
  /** Share of all requests that fail with a 503. */
  failing: number;
  /** Shares of the answered requests that take longer than 300 ms and longer than 1 s. */
  slow: number;
  verySlow: number;
  /** Resident memory of the API. */
  memoryBytes: number;
}

/** Before this many days there is no room for the incident, the leak and calm days around them. */
export const SHORTEST_DAYS = 24;

/** A past of `days` days that ends at `end` (Unix milliseconds, rounded down to a minute). */
export function timelineUntil(end: number, days: number): Timeline {
  const to = Math.floor(end / MINUTE) * MINUTE;
  const midnight = (daysAgo: number) => Math.floor((to - daysAgo * DAY) / DAY) * DAY;
  const incident = midnight(20) + 13 * HOUR;
  const leak = midnight(13);
  return {
    from: Math.floor((to - days * DAY) / MINUTE) * MINUTE,
    to,
    incident: { from: incident, to: incident + 2.5 * HOUR },
    leak: { from: leak, to: leak + 4 * DAY },
  };
}

export function behaviourAt(timeline: Timeline, time: number): Behaviour {
  const ordinary: Behaviour = {
    phase: 'ordinary',
    requestsPerSecond: trafficAt(time),
    failing: 0.0002,
    slow: 0.01,
    verySlow: 0.001,
    memoryBytes: 135e6 + 8e6 * noise(time / MINUTE),
  };
  if (within(timeline.incident, time))
    return { ...ordinary, phase: 'incident', failing: 0.04, slow: 0.4, verySlow: 0.2 };
  if (!within(timeline.leak, time)) return ordinary;
  const { from, to } = timeline.leak;
  const grown = (time - from) / (to - from);
  return {
    phase: 'leak',
    requestsPerSecond: ordinary.requestsPerSecond,
    failing: ordinary.failing + 0.0044 * grown,
    slow: ordinary.slow + 0.09 * grown,
    verySlow: ordinary.verySlow + 0.018 * grown,
    // Stays just below the 256 MiB that the API may use.
    memoryBytes: ordinary.memoryBytes + 110e6 * grown,
  };
}

/** Busiest at three in the afternoon (UTC), quietest at three at night, half as busy at weekends. */
function trafficAt(time: number): number {
  const date = new Date(time);
  const hour = date.getUTCHours() + date.getUTCMinutes() / 60;
  const daily = 1 + 0.55 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
  const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
  return 4.5 * daily * (weekend ? 0.5 : 1) * (0.9 + 0.2 * noise(time / MINUTE));
}

function within({ from, to }: Span, time: number): boolean {
  return time > from && time <= to;
}

/** 0 to 1, always the same for the same minute: a past that can be compared with itself (the mix is murmur3's). */
function noise(minute: number): number {
  let mixed = Math.imul(minute ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
