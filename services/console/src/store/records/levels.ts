import { LOG_LEVELS } from '../../contract/logs.ts';

const BY_NAME = new Map<string, number>(LOG_LEVELS.map((level, index) => [level, index]));
const SYNONYMS: Readonly<Record<string, (typeof LOG_LEVELS)[number]>> = {
  emerg: 'error',
  alert: 'error',
  crit: 'error',
  critical: 'error',
  fatal: 'error',
  panic: 'error',
  err: 'error',
  warning: 'warn',
  notice: 'info',
  information: 'info',
  http: 'info',
  verbose: 'debug',
  trace: 'debug',
  silly: 'debug',
  dbug: 'debug',
  fail: 'error',
  severe: 'error',
  dpanic: 'error',
  emergency: 'error',
  informational: 'info',
  default: 'info',
};
for (const [name, level] of Object.entries(SYNONYMS)) BY_NAME.set(name, LOG_LEVELS.indexOf(level));

export const UNKNOWN_LEVEL = LOG_LEVELS.indexOf('unknown');

/** Numbers of pino and bunyan, the highest first: a level of its own in between counts as the one below it. */
const BY_NUMBER: readonly (readonly [from: number, level: (typeof LOG_LEVELS)[number]])[] = [
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [8, 'debug'],
];
/** Severities of syslog (RFC 5424, 6.2.1), which GELF uses: 0 is an emergency, 7 is debugging. */
const SYSLOG: readonly (typeof LOG_LEVELS)[number][] = [
  ...(['error', 'error', 'error', 'error', 'warn', 'info', 'info', 'debug'] as const),
];

/** Returns the position in LOG_LEVELS of a level as a program wrote it, by name or by number. */
export function levelOf(value: unknown): number {
  if (typeof value === 'number') {
    const named = SYSLOG[value] ?? BY_NUMBER.find(([from]) => value >= from)?.[1];
    return named === undefined ? UNKNOWN_LEVEL : LOG_LEVELS.indexOf(named);
  }
  if (typeof value !== 'string') return UNKNOWN_LEVEL;
  const name = value.trim().toLowerCase();
  return BY_NAME.get(name) ?? (/^\d{1,3}$/.test(name) ? levelOf(Number(name)) : UNKNOWN_LEVEL);
}
