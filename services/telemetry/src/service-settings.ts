/** The environment variables that every service has, because they are about its telemetry, faults and shutdown. */
import {
  type Environment,
  flag,
  oneOf,
  port,
  type Rule,
  readSettings,
  type Settings,
  secret,
  text,
  type Values,
  wholeNumber,
} from '@lab/kit';
import { type ServiceIdentity, serviceIdentity } from './identity.ts';
import type { LogOptions } from './logging/types.ts';
import { LOG_LEVELS } from './metric-definitions.ts';

export interface ServiceConfig {
  service: ServiceIdentity;
  log: LogOptions;
  management: { host: string; port: number };
  faults: { enabled: boolean; token: string | undefined };
  /** Time that the shutdown may take, seconds. */
  drainSeconds: number;
  /** So long a shutdown keeps connections that are idle, milliseconds: their clients may be about to use them. */
  keepAliveGraceMs: number;
}

const COMMON = {
  LOG_LEVEL: oneOf(LOG_LEVELS).or('info'),
  LOG_FILE: text('a path').optional(),
  LOG_STDOUT: flag.or(true),
  MANAGEMENT_HOST: text('an address').or('127.0.0.1'),
  MANAGEMENT_PORT: port.optional(),
  FAULTS_ENABLED: flag.or(false),
  FAULTS_TOKEN: secret(16).optional(),
  SHUTDOWN_DRAIN_SECONDS: wholeNumber(1, 600, 'seconds').or(10),
  KEEP_ALIVE_GRACE_MS: wholeNumber(100, 60_000, 'milliseconds').or(500),
};

/**
 * Reads the variables of every service, SERVICE_NAME and its like among them, together with the service's own.
 * @param defaults what SERVICE_NAME and MANAGEMENT_PORT are where they are not set.
 * @throws ConfigError naming every variable that is wrong.
 */
export function readServiceSettings<S extends Settings>(
  env: Environment,
  defaults: { name: string; managementPort: number },
  settings: S,
  rule: Rule<S> = () => ({}),
): { common: ServiceConfig; own: Values<S> } {
  const own: Settings = settings;
  const values = readSettings(env, { ...COMMON, ...own }, (found) => ({
    FAULTS_TOKEN:
      found.FAULTS_ENABLED === true &&
      found.FAULTS_TOKEN === undefined &&
      'at least 16 characters because FAULTS_ENABLED is true',
    ...rule(found as Partial<Values<S>>),
  }));
  return {
    common: {
      service: serviceIdentity({ ...env, SERVICE_NAME: env['SERVICE_NAME'] || defaults.name }),
      log: { level: values.LOG_LEVEL, file: values.LOG_FILE, stdout: values.LOG_STDOUT },
      management: {
        host: values.MANAGEMENT_HOST,
        port: values.MANAGEMENT_PORT ?? defaults.managementPort,
      },
      faults: { enabled: values.FAULTS_ENABLED, token: values.FAULTS_TOKEN },
      drainSeconds: values.SHUTDOWN_DRAIN_SECONDS,
      keepAliveGraceMs: values.KEEP_ALIVE_GRACE_MS,
    },
    own: values as unknown as Values<S>,
  };
}
