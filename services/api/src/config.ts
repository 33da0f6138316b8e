/** The one place that reads the environment. */
import { type Environment, port, postgresUrl, Setting, secret, text, wholeNumber } from '@lab/kit';
import { readServiceSettings } from '@lab/telemetry';

const origin = new Setting('an origin without a path, such as https://tasks.example.org', (given) => {
  const url = URL.parse(given);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === given ? given : undefined;
});

const SETTINGS = {
  HOST: text('an address').or('127.0.0.1'),
  PORT: port.or(3001),
  PUBLIC_ORIGIN: origin.optional(),
  SESSION_SECRET: secret(32),
  DATABASE_URL: postgresUrl,
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 1_000).or(10),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber(100, 600_000).or(5_000),
};

/** @throws ConfigError naming every variable that is wrong, its value (unless secret) and the expected form. */
export function readConfig(env: Environment) {
  const defaults = { name: 'taskmanager-api', managementPort: 9464 };
  const { common, own } = readServiceSettings(env, defaults, SETTINGS);
  return {
    ...common,
    http: {
      host: own.HOST,
      port: own.PORT,
      publicOrigin: own.PUBLIC_ORIGIN,
      sessionSecret: own.SESSION_SECRET,
    },
    database: {
      url: own.DATABASE_URL,
      migrationUrl: own.MIGRATION_DATABASE_URL,
      poolSize: own.DATABASE_POOL_SIZE,
      statementTimeoutMs: own.DATABASE_STATEMENT_TIMEOUT_MS,
    },
  };
}

/** Reads the settings of the program that only migrates. @throws ConfigError as `readConfig`. */
export function readMigrationConfig(env: Environment) {
  const defaults = { name: 'taskmanager-api', managementPort: 9464 };
  const { common, own } = readServiceSettings(env, defaults, { MIGRATION_DATABASE_URL: postgresUrl });
  return { ...common, databaseUrl: own.MIGRATION_DATABASE_URL };
}
