/** The one place that reads the environment. */
import { type ServiceIdentity, serviceIdentity } from '@lab/telemetry';
import { z } from 'zod';

export interface Config {
  service: ServiceIdentity;
  log: { level: 'error' | 'warn' | 'info' | 'debug'; file: string | undefined; stdout: boolean };
  http: { host: string; port: number; publicOrigin: string | undefined; sessionSecret: string };
  management: { host: string; port: number };
  database: {
    url: string;
    migrationUrl: string | undefined;
    poolSize: number;
    statementTimeoutMs: number;
  };
  faults: { enabled: boolean; token: string | undefined };
  shutdownDrainSeconds: number;
}

/** What stops the start: each variable with what it holds and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const port = wholeNumber(0, 65_535);
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'expected postgres://user:password@host:port/database',
});

const environment = z.object({
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug'], oneOf('error, warn, info, debug')).default('info'),
  LOG_FILE: z.string().optional(),
  LOG_STDOUT: flag(true),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3001),
  MANAGEMENT_HOST: z.string().default('127.0.0.1'),
  MANAGEMENT_PORT: port.default(9464),
  PUBLIC_ORIGIN: z
    .string()
    .refine(isOrigin, 'expected an origin without a path, such as https://tasks.example.org')
    .optional(),
  SESSION_SECRET: z.string(required('at least 32 characters')).min(32, 'expected at least 32 characters'),
  DATABASE_URL: postgresUrl,
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 1_000).default(10),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber(100, 600_000).default(5_000),
  FAULTS_ENABLED: flag(false),
  FAULTS_TOKEN: z.string().min(16, 'expected at least 16 characters').optional(),
  SHUTDOWN_DRAIN_SECONDS: wholeNumber(1, 600).default(10),
});

/** Values that no message may show. */
const SECRET = new Set(['SESSION_SECRET', 'DATABASE_URL', 'MIGRATION_DATABASE_URL', 'FAULTS_TOKEN']);

/** @throws ConfigError naming every variable that is wrong, its value (unless secret) and the expected form. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  // Compose files and shells pass what is not set as an empty string.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(given);
  const problems = result.success ? [] : result.error.issues.map((issue) => explain(issue, given));
  if (result.data?.FAULTS_ENABLED && result.data.FAULTS_TOKEN === undefined) {
    problems.push('FAULTS_TOKEN is not set: expected at least 16 characters, because FAULTS_ENABLED is true');
  }
  if (!result.success || problems.length > 0) throw new ConfigError(problems.join('\n'));
  const { data } = result;
  return {
    service: serviceIdentity({ ...given, SERVICE_NAME: given['SERVICE_NAME'] ?? 'taskmanager-api' }),
    log: { level: data.LOG_LEVEL, file: data.LOG_FILE, stdout: data.LOG_STDOUT },
    http: {
      host: data.HOST,
      port: data.PORT,
      publicOrigin: data.PUBLIC_ORIGIN,
      sessionSecret: data.SESSION_SECRET,
    },
    management: { host: data.MANAGEMENT_HOST, port: data.MANAGEMENT_PORT },
    database: {
      url: data.DATABASE_URL,
      migrationUrl: data.MIGRATION_DATABASE_URL,
      poolSize: data.DATABASE_POOL_SIZE,
      statementTimeoutMs: data.DATABASE_STATEMENT_TIMEOUT_MS,
    },
    faults: { enabled: data.FAULTS_ENABLED, token: data.FAULTS_TOKEN },
    shutdownDrainSeconds: data.SHUTDOWN_DRAIN_SECONDS,
  };
}

function explain(issue: z.core.$ZodIssue, given: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0]);
  const value = given[name];
  if (value === undefined) return `${name} is not set: ${issue.message}`;
  return `${name} is ${SECRET.has(name) ? '(secret, not shown)' : JSON.stringify(value)}: ${issue.message}`;
}

function required(form: string) {
  return `expected ${form}`;
}

function oneOf(values: string) {
  return `expected one of ${values}`;
}

function flag(fallback: boolean) {
  return z
    .enum(['true', 'false'], oneOf('true, false'))
    .default(fallback ? 'true' : 'false')
    .transform((text) => text === 'true');
}

function wholeNumber(min: number, max: number) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}
