/** Moments as Grafana writes them, in the browser's time zone. Values are milliseconds since the epoch. */
import { sameDay } from '../time.ts';
import type { Formatter } from './formatter.ts';

const pad = (value: number, width = 2) => String(value).padStart(width, '0');
const twelve = (at: Date) => at.getHours() % 12 || 12;
const named = (at: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en', options).format(at);

/** Tokens of a pattern (https://momentjs.com/docs/#/displaying/format/) that dashboards use. */
const TOKENS: Readonly<Record<string, (at: Date) => string>> = {
  YYYY: (at) => String(at.getFullYear()),
  YY: (at) => pad(at.getFullYear() % 100),
  MMMM: (at) => named(at, { month: 'long' }),
  MMM: (at) => named(at, { month: 'short' }),
  MM: (at) => pad(at.getMonth() + 1),
  M: (at) => String(at.getMonth() + 1),
  DD: (at) => pad(at.getDate()),
  D: (at) => String(at.getDate()),
  dddd: (at) => named(at, { weekday: 'long' }),
  ddd: (at) => named(at, { weekday: 'short' }),
  HH: (at) => pad(at.getHours()),
  H: (at) => String(at.getHours()),
  hh: (at) => pad(twelve(at)),
  h: (at) => String(twelve(at)),
  mm: (at) => pad(at.getMinutes()),
  m: (at) => String(at.getMinutes()),
  ss: (at) => pad(at.getSeconds()),
  s: (at) => String(at.getSeconds()),
  SSS: (at) => pad(at.getMilliseconds(), 3),
  A: (at) => (at.getHours() < 12 ? 'AM' : 'PM'),
  a: (at) => (at.getHours() < 12 ? 'am' : 'pm'),
  X: (at) => String(Math.floor(at.getTime() / 1000)),
  x: (at) => String(at.getTime()),
};

const TOKEN = /\[([^\]]*)\]|Y{4}|Y{2}|M{1,4}|D{1,2}|d{3,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|S{3}|A|a|X|x/g;

/** Writes moments by a pattern; text in square brackets stays as it is. @param today the pattern for a moment of this day. */
export function momentBy(pattern: string, today = pattern): Formatter {
  return (value) => {
    const at = new Date(value);
    if (Number.isNaN(at.getTime())) return { text: 'Invalid date', suffix: '' };
    const chosen = sameDay(value, Date.now()) ? today : pattern;
    const text = chosen.replace(TOKEN, (token, quoted?: string) => quoted ?? TOKENS[token]?.(at) ?? token);
    return { text, suffix: '' };
  };
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const DATE = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;

/** Writes the moment as the browser's language does. @param shortToday leaves the date of this day out. */
export function localMoment(shortToday: boolean): Formatter {
  return (value) => {
    const at = new Date(value);
    if (Number.isNaN(at.getTime())) return { text: 'Invalid date', suffix: '' };
    const options = shortToday && sameDay(value, Date.now()) ? CLOCK : { ...DATE, ...CLOCK };
    // Parts, as Grafana takes them: `format` writes another blank before AM and PM.
    const parts = new Intl.DateTimeFormat(undefined, options).formatToParts(at);
    return { text: parts.map((part) => part.value).join(''), suffix: '' };
  };
}

/** Limits, in seconds, up to which each wording holds. */
const AGES: readonly (readonly [below: number, words: (seconds: number) => string])[] = [
  [44.5, () => 'a few seconds'],
  [89.5, () => 'a minute'],
  [44.5 * 60, (seconds) => `${Math.round(seconds / 60)} minutes`],
  [89.5 * 60, () => 'an hour'],
  [21.5 * 3600, (seconds) => `${Math.round(seconds / 3600)} hours`],
  [35.5 * 3600, () => 'a day'],
  [25.5 * 86_400, (seconds) => `${Math.round(seconds / 86_400)} days`],
  [45.5 * 86_400, () => 'a month'],
  [319.5 * 86_400, (seconds) => `${Math.round(seconds / 2_629_746)} months`],
  [547.5 * 86_400, () => 'a year'],
  [Number.POSITIVE_INFINITY, (seconds) => `${Math.round(seconds / 31_556_952)} years`],
];

/** Writes `5 minutes ago` or `in a day`. */
export const fromNow: Formatter = (value) => {
  const seconds = (Date.now() - value) / 1000;
  if (Number.isNaN(new Date(value).getTime())) return { text: 'Invalid date', suffix: '' };
  const words = AGES.find(([below]) => Math.abs(seconds) < below)?.[1](Math.abs(seconds)) ?? '';
  return { text: seconds < 0 ? `in ${words}` : `${words} ago`, suffix: '' };
};
