import { threeDigits } from './number.ts';

const UNITS = [
  { name: 'y', seconds: 31_536_000 },
  { name: 'w', seconds: 604_800 },
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3600 },
  { name: 'm', seconds: 60 },
  { name: 's', seconds: 1 },
  { name: 'ms', seconds: 0.001 },
] as const;

/**
 * Reads a Prometheus duration: `30s`, `5m`, `1h30m`, `1500ms`.
 * @returns seconds, or undefined where the text is none.
 */
export function parseDuration(text: string): number | undefined {
  const pattern = /^(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+$/;
  if (!pattern.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)) {
    const factor = UNITS.find(({ name }) => name === unit)?.seconds ?? 0;
    seconds += Number(amount) * factor;
  }
  return seconds;
}

/** Writes seconds as the shortest exact Prometheus duration: 90 → `90s`, 300 → `5m`, 5400 → `90m`. */
export function promDuration(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  if (milliseconds % 1000 !== 0) return `${milliseconds}ms`;
  const whole = milliseconds / 1000;
  for (const { name, seconds: size } of UNITS) {
    if (size >= 1 && size <= 86_400 && whole >= size && whole % size === 0) return `${whole / size}${name}`;
  }
  return `${whole}s`;
}

/** How long something lasted, at most two units: `45 s`, `3 m 20 s`, `2 h 5 m`, `4 d 3 h`. */
export function humanDuration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  const parts = [
    { unit: 'd', amount: Math.floor(total / 86_400) },
    { unit: 'h', amount: Math.floor(total / 3600) % 24 },
    { unit: 'm', amount: Math.floor(total / 60) % 60 },
    { unit: 's', amount: total % 60 },
  ];
  const first = parts.findIndex(({ amount }) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(({ amount }) => amount > 0)
    .map(({ unit, amount }) => `${amount} ${unit}`)
    .join(' ');
}

/** A span's or request's length, three significant digits in the unit that fits: `184 µs`, `12.4 ms`, `1.2 s`, `2.5 m`. */
export function latency(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 ms';
  if (size < 1e-3) return `${threeDigits(seconds * 1e6)} µs`;
  if (size < 1) return `${threeDigits(seconds * 1e3)} ms`;
  if (size < 60) return `${threeDigits(seconds)} s`;
  return humanDuration(seconds);
}
