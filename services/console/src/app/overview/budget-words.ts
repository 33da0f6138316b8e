import { formatText } from '../format/units.ts';

/** @param remaining 1 untouched, 0 used up, negative overspent. A budget spent many times over is counted, not given in per cent. */
export function budgetWords(remaining: number): string {
  if (remaining >= 0) return `${formatText(remaining, 'percentunit', 0)} of budget left`;
  const spent = 1 - remaining;
  return spent < 2
    ? `overspent by ${formatText(-remaining, 'percentunit', 0)}`
    : `spent ${formatText(spent, 'none', spent < 10 ? 1 : 0)} times over`;
}
