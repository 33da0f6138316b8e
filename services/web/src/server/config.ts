/** The only reader of the environment: checked once, at start. */
import { join, resolve } from 'node:path';
import { LOG_LEVELS, type LogOptions, type ServiceIdentity, serviceIdentity } from '@lab/telemetry';
import { z } from 'zod';

export interface WebConfig {
  service: ServiceIdentity;
  log: LogOptions;
  host: string;
  port: number;
  management: { host: string; port: number };
  /** Base URL of taskmanager-api. */
  apiUrl: URL;
  /** The built app; another one is another release. */
  assetsFolder: string;
  /** OTLP base URL for the browser's spans; undefined: they are not recorded. */
  otlpEndpoint: URL | undefined;
  /** Share of the traces begun in browsers that is recorded, 0 to 1. */
  sampleRatio: number;
  /** Proxies of ours in front of this server, whose X-Forwarded-* headers are believed. */
  trustedProxies: number;
  /** Requests with browser telemetry that one client may make, a second in the long run. */
  intakeRate: number;
  faults: { enabled: boolean; token: string | undefined };
  drainSeconds: number;
}

/** A variable that keeps the program from starting. Says which, what it was and what it should be. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const port = (fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .pipe(
      z
        .stringFormat('port', /^\d{1,5}$/)
        .transform(Number)
        .pipe(z.int().max(65_535)),
    );
const number = (fallback: number, min: number, max: number) =>
  z
    .string()
    .default(String(fallback))
    .pipe(
      z
        .stringFormat('number', /^\d+(\.\d+)?$/)
        .transform(Number)
        .pipe(z.number().min(min).max(max)),
    );
const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'])
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true');
const httpUrl = z.url({ protocol: /^https?$/ }).transform((value) => new URL(value));

/** Each variable: how it is read, and how to say what is expected of it. */
const VARIABLES = {
  LOG_LEVEL: [z.enum(LOG_LEVELS).default('info'), LOG_LEVELS.join(', ')],
  LOG_FILE: [z.string().optional(), 'a path'],
  LOG_STDOUT: [flag(true), 'true or false'],
  HOST: [z.string().default('127.0.0.1'), 'an address'],
  PORT: [port(8080), 'a port, 0 to 65535'],
  MANAGEMENT_HOST: [z.string().default('127.0.0.1'), 'an address'],
  MANAGEMENT_PORT: [port(9465), 'a port, 0 to 65535'],
  API_URL: [
    z.string().default('http://127.0.0.1:3001').pipe(httpUrl),
    'a base URL such as http://127.0.0.1:3001',
  ],
  ASSETS_FOLDER: [z.string().default(join(import.meta.dirname, '../../dist')), 'a path'],
  OTEL_EXPORTER_OTLP_ENDPOINT: [
    httpUrl.optional(),
    'a base URL such as http://127.0.0.1:4318, without /v1/traces',
  ],
  OTEL_TRACES_SAMPLER_ARG: [number(0.1, 0, 1), 'a number from 0 to 1'],
  TRUSTED_PROXIES: [number(0, 0, 10).pipe(z.int()), 'a whole number from 0 to 10'],
  INTAKE_RATE: [number(50, 1, 100_000), 'requests a second for each client, 1 to 100000'],
  FAULTS_ENABLED: [flag(false), 'true or false'],
  FAULTS_TOKEN: [z.string().min(16).optional(), 'at least 16 characters'],
  SHUTDOWN_DRAIN_SECONDS: [number(10, 0, 600), 'seconds from 0 to 600'],
} as const;
const SECRETS = new Set(['FAULTS_TOKEN']);

type Name = keyof typeof VARIABLES;
type Values = { [N in Name]: z.output<(typeof VARIABLES)[N][0]> };

/** @throws ConfigError naming every variable that is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): WebConfig {
  const values = readVariables(env);
  if (values.FAULTS_ENABLED && values.FAULTS_TOKEN === undefined) {
    throw new ConfigError(
      'FAULTS_TOKEN is not set; expected at least 16 characters with FAULTS_ENABLED=true',
    );
  }
  return {
    service: serviceIdentity({ ...env, SERVICE_NAME: env['SERVICE_NAME'] || 'taskmanager-web' }),
    log: { level: values.LOG_LEVEL, file: values.LOG_FILE, stdout: values.LOG_STDOUT },
    host: values.HOST,
    port: values.PORT,
    management: { host: values.MANAGEMENT_HOST, port: values.MANAGEMENT_PORT },
    apiUrl: values.API_URL,
    assetsFolder: resolve(values.ASSETS_FOLDER),
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    sampleRatio: values.OTEL_TRACES_SAMPLER_ARG,
    trustedProxies: values.TRUSTED_PROXIES,
    intakeRate: values.INTAKE_RATE,
    faults: { enabled: values.FAULTS_ENABLED, token: values.FAULTS_TOKEN },
    drainSeconds: values.SHUTDOWN_DRAIN_SECONDS,
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
