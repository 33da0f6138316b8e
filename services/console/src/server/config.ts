/** The only reader of the environment: checked once, at start. */
import { join } from 'node:path';
import { LOG_LEVELS, type LogOptions, type ServiceIdentity, serviceIdentity } from '@lab/telemetry';
import { z } from 'zod';

export interface ConsoleConfig {
  service: ServiceIdentity;
  log: LogOptions;
  mode: 'lite' | 'full';
  host: string;
  port: number;
  management: { host: string; port: number };
  prometheusUrl: URL;
  alertmanagerUrl: URL;
  /** Where a browser reaches the tools; undefined: there is none, or its page is ours. */
  publicUrls: {
    web: string | undefined;
    prometheus: string;
    alertmanager: string;
    grafana: string | undefined;
    kibana: string | undefined;
    jaeger: string | undefined;
  };
  dataDirectory: string;
  /** Bearer that `lab` sends; undefined: experiments cannot be reported. */
  labToken: string | undefined;
  dashboardsDirectory: string;
  runbooksDirectory: string;
  /** JSON list of the parts that this lab has. */
  partsFile: string;
  /** How often the watchdog alert is due at time scale 1. */
  watchdogIntervalSeconds: number;
  inbox: { maxMessages: number; maxBytes: number };
  /** Logs and traces kept by the console; undefined in full mode. */
  signals:
    | {
        logDirectory: string | undefined;
        otlp: { host: string; port: number; maxBodyBytes: number };
        maxLogBytes: number;
        maxSpanBytes: number;
        maxAgeMs: number;
      }
    | undefined;
  faults: { enabled: boolean; token: string | undefined };
  drainSeconds: number;
}

/** A variable that keeps the program from starting. Says which, what it was and what it should be. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const MEBIBYTE = 1024 * 1024;
const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..');

const whole = (fallback: number, min: number, max: number) =>
  z
    .string()
    .default(String(fallback))
    .pipe(
      z
        .stringFormat('whole number', /^\d{1,15}$/)
        .transform(Number)
        .pipe(z.int().min(min).max(max)),
    );
const port = (fallback: number) => whole(fallback, 0, 65_535);
const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'])
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true');
const httpUrl = z.url({ protocol: /^https?$/ });
const A_PORT = 'a port, 0 to 65535';
const A_URL = 'a base URL such as http://127.0.0.1:9090';

/** Each variable: how it is read, and how to say what is expected of it. */
const VARIABLES = {
  LOG_LEVEL: [z.enum(LOG_LEVELS).default('info'), LOG_LEVELS.join(', ')],
  LOG_FILE: [z.string().optional(), 'a path'],
  LOG_STDOUT: [flag(true), 'true or false'],
  HOST: [z.string().default('127.0.0.1'), 'an address'],
  PORT: [port(8000), A_PORT],
  MANAGEMENT_HOST: [z.string().default('127.0.0.1'), 'an address'],
  MANAGEMENT_PORT: [port(9467), A_PORT],
  LAB_MODE: [z.enum(['lite', 'full']).default('lite'), 'lite or full'],
  PROMETHEUS_URL: [httpUrl.default('http://127.0.0.1:9090'), A_URL],
  ALERTMANAGER_URL: [httpUrl.default('http://127.0.0.1:9093'), A_URL],
  PROMETHEUS_PUBLIC_URL: [httpUrl.optional(), A_URL],
  ALERTMANAGER_PUBLIC_URL: [httpUrl.optional(), A_URL],
  WEB_URL: [httpUrl.optional(), A_URL],
  GRAFANA_URL: [httpUrl.optional(), A_URL],
  KIBANA_URL: [httpUrl.optional(), A_URL],
  JAEGER_URL: [httpUrl.optional(), A_URL],
  CONSOLE_DATA_DIR: [z.string().default(join(REPOSITORY, '.lab', 'data', 'console')), 'a folder'],
  LAB_TOKEN: [z.string().min(16).optional(), 'at least 16 characters'],
  DASHBOARDS_DIR: [z.string().default(join(REPOSITORY, 'grafana', 'dashboards')), 'a folder'],
  RUNBOOKS_DIR: [z.string().default(join(REPOSITORY, 'docs', 'runbooks')), 'a folder'],
  PARTS_FILE: [z.string().default(join(REPOSITORY, 'prometheus', 'parts.json')), 'a path'],
  WATCHDOG_INTERVAL_SECONDS: [whole(60, 1, 86_400), 'seconds from 1 to 86400'],
  INBOX_MAX_MESSAGES: [whole(10_000, 1, 1_000_000), 'a whole number from 1 to 1000000'],
  INBOX_MAX_MB: [whole(64, 1, 10_000), 'mebibytes from 1 to 10000'],
  LOG_DIR: [z.string().optional(), 'a folder'],
  OTLP_HOST: [z.string().default('127.0.0.1'), 'an address'],
  OTLP_PORT: [port(4318), A_PORT],
  OTLP_MAX_BODY_MB: [whole(8, 1, 256), 'mebibytes from 1 to 256'],
  STORE_MAX_LOG_MB: [whole(2048, 16, 1_000_000), 'mebibytes from 16 to 1000000'],
  STORE_MAX_TRACE_MB: [whole(1024, 16, 1_000_000), 'mebibytes from 16 to 1000000'],
  STORE_MAX_AGE_HOURS: [whole(168, 1, 100_000), 'hours from 1 to 100000'],
  FAULTS_ENABLED: [flag(false), 'true or false'],
  FAULTS_TOKEN: [z.string().min(16).optional(), 'at least 16 characters'],
  SHUTDOWN_DRAIN_SECONDS: [whole(10, 0, 600), 'seconds from 0 to 600'],
} as const;
const SECRETS = new Set(['LAB_TOKEN', 'FAULTS_TOKEN']);

type Name = keyof typeof VARIABLES;
type Values = { [N in Name]: z.output<(typeof VARIABLES)[N][0]> };

/** @throws ConfigError naming every variable that is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConsoleConfig {
  const values = readVariables(env);
  if (values.FAULTS_ENABLED && values.FAULTS_TOKEN === undefined) {
    throw new ConfigError(
      'FAULTS_TOKEN is not set; expected at least 16 characters with FAULTS_ENABLED=true',
    );
  }
  return {
    service: serviceIdentity({ ...env, SERVICE_NAME: env['SERVICE_NAME'] || 'lab-console' }),
    log: { level: values.LOG_LEVEL, file: values.LOG_FILE, stdout: values.LOG_STDOUT },
    mode: values.LAB_MODE,
    host: values.HOST,
    port: values.PORT,
    management: { host: values.MANAGEMENT_HOST, port: values.MANAGEMENT_PORT },
    prometheusUrl: new URL(values.PROMETHEUS_URL),
    alertmanagerUrl: new URL(values.ALERTMANAGER_URL),
    publicUrls: {
      web: values.WEB_URL,
      prometheus: values.PROMETHEUS_PUBLIC_URL ?? values.PROMETHEUS_URL,
      alertmanager: values.ALERTMANAGER_PUBLIC_URL ?? values.ALERTMANAGER_URL,
      grafana: values.GRAFANA_URL,
      kibana: values.KIBANA_URL,
      jaeger: values.JAEGER_URL,
    },
    dataDirectory: values.CONSOLE_DATA_DIR,
    labToken: values.LAB_TOKEN,
    dashboardsDirectory: values.DASHBOARDS_DIR,
    runbooksDirectory: values.RUNBOOKS_DIR,
    partsFile: values.PARTS_FILE,
    watchdogIntervalSeconds: values.WATCHDOG_INTERVAL_SECONDS,
    inbox: { maxMessages: values.INBOX_MAX_MESSAGES, maxBytes: values.INBOX_MAX_MB * MEBIBYTE },
    signals: values.LAB_MODE === 'full' ? undefined : signalsOf(values),
    faults: { enabled: values.FAULTS_ENABLED, token: values.FAULTS_TOKEN },
    drainSeconds: values.SHUTDOWN_DRAIN_SECONDS,
  };
}

function signalsOf(values: Values): ConsoleConfig['signals'] {
  return {
    logDirectory: values.LOG_DIR,
    otlp: {
      host: values.OTLP_HOST,
      port: values.OTLP_PORT,
      maxBodyBytes: values.OTLP_MAX_BODY_MB * MEBIBYTE,
    },
    maxLogBytes: values.STORE_MAX_LOG_MB * MEBIBYTE,
    maxSpanBytes: values.STORE_MAX_TRACE_MB * MEBIBYTE,
    maxAgeMs: values.STORE_MAX_AGE_HOURS * 3600 * 1000,
  };
}

function readVariables(env: Readonly<Record<string, string | undefined>>): Values {
  const wrong: string[] = [];
  const entries = Object.entries(VARIABLES).map(([name, [schema, expected]]) => {
    // Compose passes an unset variable on as an empty one.
    const value = env[name] || undefined;
    const result = schema.safeParse(value);
    if (!result.success) {
      wrong.push(
        `${name} is ${SECRETS.has(name) ? 'not valid' : JSON.stringify(value)}; expected ${expected}`,
      );
    }
    return [name, result.data];
  });
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return Object.fromEntries(entries) as Values;
}
