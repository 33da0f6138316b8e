/** The one place that reads the worker's environment. */
import { type LogOptions, type ServiceIdentity, serviceIdentity } from '@lab/telemetry';
import { QUEUES } from 'taskmanager-api/contract/jobs';
import { z } from 'zod';

export interface WorkerConfig {
  service: ServiceIdentity;
  log: LogOptions;
  database: { url: string; poolSize: number; statementTimeoutMs: number };
  /** Jobs of one queue handled at once. */
  concurrency: number;
  management: { host: string; port: number };
  faults: { enabled: boolean; token: string | undefined };
  /** Time that the shutdown may take, seconds. */
  drainSeconds: number;
}

/** What is wrong with the environment: a line a variable. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Values that are never shown. */
const SECRETS = new Set(['DATABASE_URL', 'FAULTS_TOKEN']);

const integer = (minimum: number, maximum: number, fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine(
      (value) => /^\d{1,9}$/.test(value) && Number(value) >= minimum && Number(value) <= maximum,
      `a whole number from ${minimum} to ${maximum}`,
    )
    .transform(Number);

const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'], { error: 'true or false' })
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true');

const POSTGRES_URL = 'a URL of the form postgres://user:password@host:port/database';

const environment = z.object({
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'], { error: 'error, warn, info or debug' })
    .default('info'),
  LOG_FILE: z.string().optional(),
  LOG_STDOUT: flag(true),
  MANAGEMENT_HOST: z.string().default('127.0.0.1'),
  MANAGEMENT_PORT: integer(0, 65_535, 9466),
  DATABASE_URL: z.string({ error: POSTGRES_URL }).refine(isPostgresUrl, POSTGRES_URL),
  DATABASE_POOL_SIZE: integer(2, 100, 5),
  DATABASE_STATEMENT_TIMEOUT_MS: integer(100, 600_000, 5_000),
  WORKER_CONCURRENCY: integer(1, 50, 2),
  FAULTS_ENABLED: flag(false),
  FAULTS_TOKEN: z
    .string()
    .refine((value) => value.length >= 16, 'at least 16 characters')
    .optional(),
  SHUTDOWN_DRAIN_SECONDS: integer(1, 300, 10),
});

/**
 * Reads and checks the environment; an empty value is no value.
 * @throws ConfigError naming each wrong variable, what it held and what was expected.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues
        .map((issue) => {
          const name = String(issue.path[0]);
          return `${name}: expected ${issue.message}, received ${shown(name, given[name])}`;
        })
        .join('\n'),
    );
  }
  const values = parsed.data;
  const handlers = values.WORKER_CONCURRENCY * WORKED_QUEUES;
  if (handlers >= values.DATABASE_POOL_SIZE)
    throw new ConfigError(
      `DATABASE_POOL_SIZE: expected more than ${handlers} (WORKER_CONCURRENCY ${values.WORKER_CONCURRENCY} × ${WORKED_QUEUES} queues), ` +
        `so that a connection is left for the queue's own statements, received "${values.DATABASE_POOL_SIZE}"`,
    );
  if (values.FAULTS_ENABLED && values.FAULTS_TOKEN === undefined)
    throw new ConfigError(
      'FAULTS_TOKEN: expected at least 16 characters because FAULTS_ENABLED is true, received nothing',
    );
  return {
    service: serviceIdentity({ ...given, SERVICE_NAME: given['SERVICE_NAME'] ?? 'taskmanager-worker' }),
    log: { level: values.LOG_LEVEL, file: values.LOG_FILE, stdout: values.LOG_STDOUT },
    database: {
      url: values.DATABASE_URL,
      poolSize: values.DATABASE_POOL_SIZE,
      statementTimeoutMs: values.DATABASE_STATEMENT_TIMEOUT_MS,
    },
    concurrency: values.WORKER_CONCURRENCY,
    management: { host: values.MANAGEMENT_HOST, port: values.MANAGEMENT_PORT },
    faults: { enabled: values.FAULTS_ENABLED, token: values.FAULTS_TOKEN },
    drainSeconds: values.SHUTDOWN_DRAIN_SECONDS,
  };
}

/** Those with a dead-letter queue behind them; nobody works on the dead letters themselves. */
const WORKED_QUEUES = QUEUES.filter((queue) => queue.deadLetter !== undefined).length;

function isPostgresUrl(value: string): boolean {
  const url = URL.parse(value);
  return (
    url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length > 1
  );
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'nothing';
  return SECRETS.has(name) ? `a secret of ${value.length} characters` : JSON.stringify(value);
}
