/**
 * The threshold that an alert's description states to people (`(threshold 5%, for 2m)`), in the unit of the alert's expression: 0.05 for
 * 5%, 0.2 for 200ms, 300 for 5m. Undefined where it states none, or none that is one number.
 */
export function statedThreshold(description: string): number | undefined {
  const text = description.replaceAll(/\{\{.*?\}\}/g, '…');
  const stated = /threshold ([^;)]*?)(?:, for [^;)]*)?[;)]/.exec(text)?.[1] ?? '';
  const [, number, unit = ''] = /^(?:below )?([\d.]+)(%|ms|s|m)?/.exec(stated) ?? [];
  return number === undefined ? undefined : Number((Number(number) * (UNITS[unit] ?? 1)).toPrecision(6));
}

const UNITS: Readonly<Record<string, number>> = { '%': 0.01, ms: 0.001, s: 1, m: 60 };
