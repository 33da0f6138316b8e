/**
 * Prometheus durations (`1h30m`, `1500ms`), which are not those of any JavaScript library: no fractions, units in falling order,
 * `y`, `w` and `d` of fixed length.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file
 */
const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['y', 365 * 24 * 3_600_000],
  ['w', 7 * 24 * 3_600_000],
  ['d', 24 * 3_600_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

const GRAMMAR = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds in a Prometheus duration. Throws a RangeError that names the text when it is not one. */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  const match = text === '' ? null : GRAMMAR.exec(text);
  if (match === null)
    throw new RangeError(`expected a Prometheus duration such as 5m or 1h30m, received "${text}"`);
  return UNITS.reduce(
    (sum, [, milliseconds], index) => sum + Number(match[index + 1] ?? 0) * milliseconds,
    0,
  );
}

/**
 * The shortest Prometheus duration of so many milliseconds, in days and below (`1w` reads back as `7d`: rules are written in days).
 * Throws a RangeError when the number is negative or not finite; fractions of a millisecond are rounded.
 */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds) || milliseconds < 0) {
    throw new RangeError(`expected a duration of 0 ms or more, received ${milliseconds}`);
  }
  let rest = Math.round(milliseconds);
  let text = '';
  for (const [unit, size] of UNITS.slice(2)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
