/** Numbers as texts by Grafana's rules for decimals, which `@grafana/data` 12.4 and 13.2 confirm in the differential test. */

/**
 * Returns the decimals that Grafana chooses where the dashboard sets none: two significant digits, or three where the
 * first two alone are larger than 2.25.
 * @param value any number; whole numbers get none.
 */
export function autoDecimals(value: number): number {
  if (value % 1 === 0) return 0;
  const size = Math.abs(value);
  const places = 1 - Math.floor(Math.log(size) / Math.LN10);
  const leading = size / 10 ** -places;
  return Math.max(0, leading > 2.25 ? places + 1 : places);
}

/**
 * Writes a number with exactly that many decimals. A number so small or large that JavaScript writes it with an exponent keeps it.
 * @param decimals undefined chooses them by {@link autoDecimals}.
 */
export function fixed(value: number, decimals: number | undefined): string {
  if (!Number.isFinite(value)) return infinite(value);
  const places = decimals ?? autoDecimals(value);
  if (value === 0) return (0).toFixed(places);
  const factor = places > 0 ? 10 ** places : 1;
  const text = String(Math.round(value * factor) / factor);
  if (text.includes('e')) return text;
  const written = text.split('.')[1]?.length ?? 0;
  if (written >= places) return text;
  return `${text}${written === 0 ? '.' : ''}${'0'.repeat(places - written)}`;
}

/** Writes `∞`, `-∞` and `NaN`. */
export function infinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : '-∞';
}
