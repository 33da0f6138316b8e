/** Writes about three significant digits, as a reader needs them: `12.4`, `0.0123`, `1230`. */
export function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
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
