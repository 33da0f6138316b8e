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
};
for (const [name, level] of Object.entries(SYNONYMS)) BY_NAME.set(name, LOG_LEVELS.indexOf(level));

export const UNKNOWN_LEVEL = LOG_LEVELS.indexOf('unknown');

/** Position in LOG_LEVELS of a level as a program wrote it. */
export function levelOf(value: unknown): number {
  if (typeof value !== 'string') return UNKNOWN_LEVEL;
  return BY_NAME.get(value) ?? BY_NAME.get(value.toLowerCase()) ?? UNKNOWN_LEVEL;
}
