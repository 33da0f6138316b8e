/**
 * Decimals that show about three significant digits, as a reader of a dashboard expects: 1234 → 0, 12.3 → 1, 0.0123 → 4.
 * @param value any finite number; whole numbers get none.
 */
export function autoDecimals(value: number): number {
  if (value === 0 || Number.isInteger(value)) return 0;
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return Math.min(10, Math.max(0, 2 - magnitude));
}

/** `toFixed` that never prints `-0`, and drops trailing zeros only where the decimals were chosen by us. */
export function fixed(value: number, decimals: number | undefined): string {
  const text = value.toFixed(decimals ?? autoDecimals(value));
  const trimmed = decimals === undefined && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return trimmed === '-0' ? '0' : trimmed;
}

/** Thousands separated by thin spaces, so that 1234567 can be read: `1 234 567`. */
export function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
