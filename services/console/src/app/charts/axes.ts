/** Tick labels and limits of a time chart's axes, without drawing. */
import type { AxisModel } from '../dashboards/model/time-series.ts';
import { formatValue } from '../format/units.ts';

const pad = (value: number) => String(value).padStart(2, '0');

/** Room to the right of a chart, CSS pixels: a tick at its end is written with half of `23:59:59` beyond it. */
export const HALF_A_TIME = 27;

/**
 * Labels for time ticks: seconds only where ticks are closer than a minute, the date only where the day begins or the range is long.
 * @param splits seconds since the epoch.
 */
export function timeLabels(splits: readonly number[]): string[] {
  const gap = (splits[1] ?? 0) - (splits[0] ?? 0);
  return splits.map((split) => {
    const at = new Date(split * 1000);
    const day = `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
    if (gap >= 86_400) return day;
    const clock = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
    if (gap > 0 && gap < 60) return `${clock}:${pad(at.getSeconds())}`;
    return at.getHours() === 0 && at.getMinutes() === 0 ? day : clock;
  });
}

/**
 * Limits of a value axis: the data's, the dashboard's where it sets them, with a little room at the top.
 * Starts at zero unless data or dashboard go below: cut axes make small changes look like large ones.
 */
export function valueLimits(
  axis: Pick<AxisModel, 'min' | 'max' | 'softMin' | 'softMax' | 'scale' | 'unit'>,
  dataMin: number | null,
  dataMax: number | null,
): [number, number] {
  const low = dataMin ?? 0;
  const high = dataMax ?? 0;
  if (axis.scale === 'log')
    return [axis.min ?? (low > 0 ? low / 1.5 : 0.001), axis.max ?? Math.max(high * 1.5, 0.01)];
  const softMax = Math.max(high, axis.softMax ?? high);
  const min = axis.min ?? Math.min(0, low * 1.05, axis.softMin ?? 0);
  const max = axis.max ?? (softMax > min ? softMax + (softMax - min) * 0.06 : min + flatTop(axis.unit));
  return [min, max > min ? max : min + 1];
}

/** How much room a line at zero gets: a whole request, but not a whole hundred percent of errors. */
function flatTop(unit: string | undefined): number {
  return unit === 'percentunit' ? 0.01 : unit === 's' ? 0.01 : 1;
}

/** Returns how many decimals a distance between ticks has, of at most six. */
function decimalsOf(distance: number): number {
  return String(Number(distance.toFixed(6))).split('.')[1]?.length ?? 0;
}

/** Removes zeros at the end of a fraction: `50.00` says no more than `50`. */
const trimmed = (text: string) => (Number.isNaN(Number(text)) ? text : String(Number(text)));

/**
 * Writes value ticks in the axis's unit. As in Grafana the ticks' distance decides the decimals, and zeros at the end go, unless the
 * dashboard sets the decimals. Equal texts would mean too few, so more are used until they differ.
 */
export function valueLabels(
  splits: readonly number[],
  unit: string | undefined,
  decimals: number | undefined,
): string[] {
  const write = (places: number | undefined) =>
    splits.map((split) => {
      const { prefix = '', text, suffix } = formatValue(split, unit, places);
      return `${prefix}${decimals === undefined ? trimmed(text) : text}${suffix}`;
    });
  let labels = write(decimals ?? (decimalsOf((splits[1] ?? 0) - (splits[0] ?? 0)) || undefined));
  for (let places = 0; new Set(labels).size < labels.length && places < 6; places += 1)
    labels = write(places);
  return labels;
}

/** Pixels that an axis needs for its longest label, at not quite seven a character. */
export function axisWidth(labels: readonly string[] | null): number {
  const longest = (labels ?? []).reduce((most, label) => Math.max(most, label.length), 0);
  return Math.min(170, Math.max(34, longest * 6.6 + 16));
}

const BINARY_UNITS = new Set(['bytes', 'bits', 'binBps', 'binbps']);
const POWERS_OF_TWO = Array.from({ length: 54 }, (_, power) => 2 ** power);

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Below a minute by ten, above as clocks and calendars count. */
const SECONDS = [
  ...Array.from({ length: 10 }, (_, index) => 10 ** (index - 9)).flatMap((ten) => [ten, 2 * ten, 5 * ten]),
  ...[10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 364 * DAY],
];

/**
 * Distances between ticks that are round in the axis's unit: 64 MiB, not 50 million bytes; 5 minutes, not 500 seconds.
 * Undefined: decimal ones will do.
 */
export function tickDistances(unit: string | undefined): number[] | undefined {
  if (unit === 's') return SECONDS;
  return unit !== undefined && BINARY_UNITS.has(unit) ? POWERS_OF_TWO : undefined;
}
