/** Units of time: amounts that change to the unit in which they are short, and amounts spelled out. */
import { fixed, infinite } from './fixed.ts';
import type { FormattedValue, Formatter } from './formatter.ts';

/** Below `limit` an amount is shown in this unit. */
interface Step {
  limit: number;
  suffix: string;
  /** Turns the value into the amount. */
  convert: (value: number) => number;
  /** Has no plural: the unit in which the value came. */
  plain?: true;
}

const PLURALS = new Set([' min', ' hour', ' day', ' week', ' year']);

function steps(...list: readonly Step[]): Formatter {
  return (value, decimals) => {
    const size = Math.abs(value);
    const step = list.find(({ limit }) => size < limit) ?? list.at(-1);
    if (step === undefined) return { text: fixed(value, decimals), suffix: '' };
    const amount = step.convert(value);
    const plural = step.plain !== true && PLURALS.has(step.suffix) && Math.abs(amount) > 1;
    return { text: fixed(amount, decimals), suffix: plural ? `${step.suffix}s` : step.suffix };
  };
}

const step = (limit: number, divisor: number, suffix: string): Step => ({
  limit,
  suffix,
  convert: (value) => value / divisor,
});
/** Multiplies: dividing by a thousandth rounds otherwise. */
const smaller = (limit: number, factor: number, suffix: string): Step => ({
  limit,
  suffix,
  convert: (value) => value * factor,
});
const first = (limit: number, suffix: string): Step => ({
  limit,
  suffix,
  convert: (value) => value,
  plain: true,
});
const LAST = Number.POSITIVE_INFINITY;

export const nanoseconds = steps(
  first(1e3, ' ns'),
  step(1e6, 1e3, ' µs'),
  step(1e9, 1e6, ' ms'),
  step(6e10, 1e9, ' s'),
  step(36e11, 6e10, ' min'),
  step(864e11, 36e11, ' hour'),
  step(LAST, 864e11, ' day'),
);

export const microseconds = steps(first(1e3, ' µs'), step(1e6, 1e3, ' ms'), step(LAST, 1e6, ' s'));

export const milliseconds = steps(
  first(1e3, ' ms'),
  step(6e4, 1e3, ' s'),
  step(36e5, 6e4, ' min'),
  step(864e5, 36e5, ' hour'),
  step(31_536e6, 864e5, ' day'),
  step(LAST, 31_536e6, ' year'),
);

// Grafana's year has 365.24 days here, and 365 in the other units.
const fromSeconds = steps(
  smaller(1e-6, 1e9, ' ns'),
  smaller(1e-3, 1e6, ' µs'),
  smaller(1, 1e3, ' ms'),
  first(60, ' s'),
  step(3600, 60, ' min'),
  step(86_400, 3600, ' hour'),
  step(604_800, 86_400, ' day'),
  step(31_536_000, 604_800, ' week'),
  step(LAST, 31_556_900, ' year'),
);

export const seconds: Formatter = (value, decimals) =>
  value === 0 ? { text: '0', suffix: ' s' } : fromSeconds(value, decimals);

/** Hundredths of a second, as SNMP counts them. */
export const timeTicks: Formatter = (value, decimals) => seconds(value / 100, decimals);

export const minutes = steps(
  first(60, ' min'),
  step(1440, 60, ' hour'),
  step(10_080, 1440, ' day'),
  step(604_800, 10_080, ' week'),
  step(LAST, 525_948, ' year'),
);

export const hours = steps(
  first(24, ' hour'),
  step(168, 24, ' day'),
  step(8760, 168, ' week'),
  step(LAST, 8760, ' year'),
);

export const days = steps(step(7, 1, ' day'), step(365, 7, ' week'), step(LAST, 365, ' year'));

const CALENDAR: readonly (readonly [name: string, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
  ['millisecond', 0.001],
];

/**
 * Spells a duration out: `1 hour, 5 minutes`. Decimals say how many smaller units follow the first.
 * @param unit the unit in which the value comes.
 */
export function spelled(unit: 'second' | 'millisecond'): Formatter {
  const unitMs = unit === 'second' ? 1000 : 1;
  return (value, decimals) => {
    if (value === 0) return { text: '0', suffix: ` ${unit}s` };
    if (!Number.isFinite(value)) return { text: infinite(value), suffix: '' };
    let rest = Math.abs(value) * unitMs;
    let left = decimals ?? 0;
    const words: string[] = [];
    for (const [name, size] of CALENDAR) {
      const count = rest / (size * 1000);
      if (left < 0 || (count < 1 && words.length === 0)) continue;
      const whole = Math.floor(count);
      words.push(`${whole} ${name}${whole === 1 ? '' : 's'}`);
      rest %= size * 1000;
      left -= 1;
    }
    return { text: words.join(', '), suffix: value < 0 ? ' ago' : '' };
  };
}

const two = (value: number) => (value > 9 ? `${value}` : `0${value}`);

/** Writes seconds as `01:05:09`; hours grow beyond two digits. */
export const hoursMinutesSeconds: Formatter = (value) => {
  if (!Number.isFinite(value)) return { text: infinite(value), suffix: '' };
  const size = Math.abs(value);
  const parts = [size / 3600, (size % 3600) / 60, (size % 3600) % 60].map((part) => two(Math.floor(part)));
  return { text: parts.join(':'), suffix: value < 0 ? ' ago' : '' };
};

/** Writes seconds as `2 d 01:05:09`. */
export const daysHoursMinutesSeconds: Formatter = (value) => {
  if (!Number.isFinite(value)) return { text: infinite(value), suffix: '' };
  const size = Math.abs(value);
  const whole = Math.floor(size / 86_400);
  const { text } = hoursMinutesSeconds(size - whole * 86_400, undefined);
  return { text: `${whole > 0 ? `${whole} d ` : ''}${text}`, suffix: value < 0 ? ' ago' : '' };
};

/** Writes milliseconds as a stopwatch does, `01m:05s:009ms`; decimals say how many smaller parts follow the first. */
export const clockMilliseconds: Formatter = (value, decimals): FormattedValue => {
  if (!Number.isFinite(value)) return { text: infinite(value), suffix: '' };
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return { text: 'Invalid date', suffix: '' };
  const [ms, s, min] = [
    `${String(at.getUTCMilliseconds()).padStart(3, '0')}ms`,
    `${two(at.getUTCSeconds())}s`,
    `${two(at.getUTCMinutes())}m`,
  ];
  const h = `${Math.floor(value / 3_600_000)}h`;
  const parts =
    value < 1000 ? [ms] : value < 60_000 ? [s, ms] : value < 3_600_000 ? [min, s, ms] : [h, min, s, ms];
  return { text: parts.slice(0, decimals === undefined ? undefined : decimals + 1).join(':'), suffix: '' };
};

export const clockSeconds: Formatter = (value, decimals) => clockMilliseconds(value * 1000, decimals);
