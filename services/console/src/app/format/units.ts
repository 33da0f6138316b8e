/**
 * Values as Grafana writes them: its unit ids (`s`, `reqps`, `bytes`, `percentunit`, …) to a number and its suffix.
 * Unknown ids are shown as the suffix itself, which is what Grafana does too.
 */
import { fixed, grouped } from './number.ts';
import { dateTime, relative } from './time.ts';

export interface FormattedValue {
  text: string;
  /** With its leading space where the unit wants one; empty for plain numbers. */
  suffix: string;
  prefix?: string;
}

type Formatter = (value: number, decimals: number | undefined) => FormattedValue;

const SI = ['', 'k', 'M', 'G', 'T', 'P'];
const IEC = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const SHORT = ['', ' K', ' Mil', ' Bil', ' Tri'];

function scaled(value: number, decimals: number | undefined, base: number, steps: readonly string[]) {
  let index = 0;
  let rest = value;
  while (Math.abs(rest) >= base && index < steps.length - 1) {
    rest /= base;
    index += 1;
  }
  return { text: fixed(rest, decimals), step: steps[index] ?? '' };
}

const plain =
  (suffix: string): Formatter =>
  (value, decimals) => ({ text: fixed(value, decimals), suffix });

/** `1.5 kB`, `3 MiB/s`: the prefix stands before the unit. */
const prefixed =
  (unit: string, base: 1000 | 1024): Formatter =>
  (value, decimals) => {
    const { text, step } = scaled(value, decimals, base, base === 1000 ? SI : IEC);
    return { text, suffix: ` ${step}${unit}` };
  };

/** `1.5 K req/s`: Grafana's counts, thousands as words before the unit. */
const counted =
  (unit: string): Formatter =>
  (value, decimals) => {
    const { text, step } = scaled(value, decimals, 1000, SHORT);
    return { text, suffix: unit === '' ? step : `${step} ${unit}` };
  };

/** Durations: below the unit in smaller ones, above it in larger ones. @param unitSeconds how many seconds one of `value` is. */
const duration =
  (unitSeconds: number): Formatter =>
  (value, decimals) => {
    const seconds = value * unitSeconds;
    const size = Math.abs(seconds);
    const steps: readonly (readonly [limit: number, divisor: number, suffix: string])[] = [
      [1e-6, 1e-9, ' ns'],
      [1e-3, 1e-6, ' µs'],
      [1, 1e-3, ' ms'],
      [60, 1, ' s'],
      [3600, 60, ' min'],
      [86_400, 3600, ' hours'],
      [604_800, 86_400, ' days'],
      [31_536_000, 604_800, ' weeks'],
      [Number.POSITIVE_INFINITY, 31_536_000, ' years'],
    ];
    if (size === 0) return { text: fixed(0, decimals), suffix: unitSeconds === 1 ? ' s' : ' ms' };
    const [, divisor, suffix] = steps.find(([limit]) => size < limit) ?? [0, 1, ' s'];
    return { text: fixed(seconds / divisor, decimals), suffix };
  };

const moment = (write: (ms: number) => string): Formatter => {
  return (value) => ({ text: write(value), suffix: '' });
};

const yesNo =
  (yes: string, no: string): Formatter =>
  (value) => ({ text: value === 0 ? no : yes, suffix: '' });

const UNITS: Readonly<Record<string, Formatter>> = {
  none: plain(''),
  short: counted(''),
  sishort: prefixed('', 1000),
  locale: (value, decimals) => ({
    text: Number.isInteger(value) ? grouped(value) : fixed(value, decimals),
    suffix: '',
  }),
  percent: plain('%'),
  percentunit: (value, decimals) => ({
    text: fixed(value * 100, decimals),
    suffix: '%',
  }),
  ns: duration(1e-9),
  µs: duration(1e-6),
  ms: duration(1e-3),
  s: duration(1),
  m: duration(60),
  h: duration(3600),
  d: duration(86_400),
  dtdurations: duration(1),
  dtdurationms: duration(1e-3),
  bytes: prefixed('B', 1024),
  decbytes: prefixed('B', 1000),
  bits: prefixed('b', 1024),
  decbits: prefixed('b', 1000),
  Bps: prefixed('B/s', 1000),
  binBps: prefixed('B/s', 1024),
  bps: prefixed('b/s', 1000),
  binbps: prefixed('b/s', 1024),
  hertz: prefixed('Hz', 1000),
  reqps: counted('req/s'),
  rps: counted('rd/s'),
  wps: counted('wr/s'),
  ops: counted('ops/s'),
  iops: counted('io/s'),
  cps: counted('c/s'),
  eps: counted('evt/s'),
  mps: counted('msg/s'),
  recps: counted('rec/s'),
  rowsps: counted('rows/s'),
  reqpm: counted('req/min'),
  opm: counted('ops/min'),
  cpm: counted('c/min'),
  mpm: counted('msg/min'),
  bool: yesNo('True', 'False'),
  bool_yes_no: yesNo('Yes', 'No'),
  bool_on_off: yesNo('On', 'Off'),
  dateTimeAsIso: moment(dateTime),
  dateTimeAsLocal: moment(dateTime),
  dateTimeAsSystem: moment(dateTime),
  dateTimeFromNow: moment((ms) => relative(ms, Date.now())),
  string: plain(''),
};

/** `suffix: items`, `prefix:£`, `si:m`: Grafana's custom units. */
function customUnit(unit: string): Formatter | undefined {
  const [kind, rest] = [unit.slice(0, unit.indexOf(':')), unit.slice(unit.indexOf(':') + 1)];
  if (kind === 'suffix') return plain(rest);
  if (kind === 'prefix')
    return (value, decimals) => ({ text: fixed(value, decimals), suffix: '', prefix: rest });
  if (kind === 'si') return prefixed(rest, 1000);
  return undefined;
}

/**
 * @param unit a Grafana unit id; undefined or empty means `short`'s plain sibling `none`.
 * @param decimals undefined lets about three significant digits through.
 */
export function formatValue(
  value: number,
  unit: string | undefined,
  decimals?: number | undefined,
): FormattedValue {
  if (Number.isNaN(value)) return { text: 'NaN', suffix: '' };
  if (!Number.isFinite(value)) return { text: value > 0 ? '+∞' : '−∞', suffix: '' };
  const id = unit === undefined || unit === '' ? 'none' : unit;
  const known = UNITS[id] ?? (id.includes(':') ? customUnit(id) : undefined) ?? plain(` ${id}`);
  return known(value, decimals);
}

/** The same in one string, for axes, tooltips and tables. */
export function formatText(value: number, unit: string | undefined, decimals?: number | undefined): string {
  const { prefix = '', text, suffix } = formatValue(value, unit, decimals);
  return `${prefix}${text}${suffix}`;
}
