import { ConfigError } from '@lab/kit';
import { describe, expect, test } from 'vitest';
import { readConfig, readMigrationConfig } from '../src/config.ts';

const distinct = {
  SERVICE_NAME: 'a-name',
  SERVICE_VERSION: '9.8.7',
  SERVICE_INSTANCE_ID: 'an-instance',
  DEPLOYMENT_ENVIRONMENT: 'an-environment',
  LOG_LEVEL: 'debug',
  LOG_FILE: '/tmp/a-{hostname}.log',
  LOG_STDOUT: 'false',
  HOST: '127.0.0.2',
  PORT: '1001',
  MANAGEMENT_HOST: '127.0.0.3',
  MANAGEMENT_PORT: '1002',
  PUBLIC_ORIGIN: 'https://an-origin.example',
  SESSION_SECRET: 'a secret of thirty-two characters',
  DATABASE_URL: 'postgres://a:b@c:1/d',
  MIGRATION_DATABASE_URL: 'postgres://e:f@g:2/h',
  DATABASE_POOL_SIZE: '11',
  DATABASE_STATEMENT_TIMEOUT_MS: '1003',
  FAULTS_ENABLED: 'true',
  FAULTS_TOKEN: 'a token of sixteen',
  SHUTDOWN_DRAIN_SECONDS: '12',
  KEEP_ALIVE_GRACE_MS: '1220',
};
const needed = { SESSION_SECRET: distinct.SESSION_SECRET, DATABASE_URL: distinct.DATABASE_URL };

test('each variable lands in its own place', () => {
  expect(readConfig(distinct)).toEqual({
    service: {
      name: 'a-name',
      version: '9.8.7',
      instanceId: 'an-instance',
      environment: 'an-environment',
    },
    log: { level: 'debug', file: '/tmp/a-{hostname}.log', stdout: false },
    http: {
      host: '127.0.0.2',
      port: 1001,
      publicOrigin: 'https://an-origin.example',
      sessionSecret: distinct.SESSION_SECRET,
    },
    management: { host: '127.0.0.3', port: 1002 },
    database: {
      url: 'postgres://a:b@c:1/d',
      migrationUrl: 'postgres://e:f@g:2/h',
      poolSize: 11,
      statementTimeoutMs: 1003,
    },
    faults: { enabled: true, token: 'a token of sixteen' },
    drainSeconds: 12,
    keepAliveGraceMs: 1220,
  });
});

test('what is not set, or set to nothing, has the defaults of the contract', () => {
  for (const empty of [{}, { PORT: '', FAULTS_TOKEN: '', MIGRATION_DATABASE_URL: '' }]) {
    expect(readConfig({ ...needed, ...empty })).toMatchObject({
      service: { name: 'taskmanager-api', environment: 'lab' },
      log: { level: 'info', file: undefined, stdout: true },
      http: { host: '127.0.0.1', port: 3001, publicOrigin: undefined },
      management: { host: '127.0.0.1', port: 9464 },
      database: { migrationUrl: undefined, poolSize: 10, statementTimeoutMs: 5000 },
      faults: { enabled: false, token: undefined },
      drainSeconds: 10,
    });
  }
});

describe('a value that is wrong', () => {
  test.each([
    ['PORT', '70000', 'PORT: expected a whole number from 0 to 65535, got "70000"'],
    ['PORT', '8080x', 'PORT: expected a whole number from 0 to 65535, got "8080x"'],
    ['DATABASE_POOL_SIZE', '0', 'DATABASE_POOL_SIZE: expected a whole number from 1 to 1000, got "0"'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL: expected one of error, warn, info, debug, got "loud"'],
    ['LOG_STDOUT', 'yes', 'LOG_STDOUT: expected true or false, got "yes"'],
    ['PUBLIC_ORIGIN', 'https://x/y', /^PUBLIC_ORIGIN: expected an origin .*, got "https:\/\/x\/y"$/],
    [
      'DATABASE_URL',
      'mysql://u:hidden@h/d',
      /^DATABASE_URL: expected .* postgres:.*, got a secret of 20 characters$/,
    ],
    [
      'SESSION_SECRET',
      'hidden',
      'SESSION_SECRET: expected at least 32 characters, got a secret of 6 characters',
    ],
    ['SESSION_SECRET', '', 'SESSION_SECRET: expected at least 32 characters, got nothing'],
    [
      'FAULTS_ENABLED',
      'true',
      'FAULTS_TOKEN: expected at least 16 characters because FAULTS_ENABLED is true, got nothing',
    ],
  ])('%s=%s is named with what was expected', (name, value, message) => {
    const read = () => readConfig({ ...needed, [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/hidden/);
  });

  test('does not hide the others', () => {
    expect(() => readConfig({ PORT: 'x' })).toThrow(/^PORT: .*^SESSION_SECRET: .*^DATABASE_URL: /ms);
  });
});

test('the program that only migrates takes its database from MIGRATION_DATABASE_URL', () => {
  expect(readMigrationConfig({ ...distinct, DATABASE_URL: '' })).toMatchObject({
    service: { name: 'a-name' },
    log: { level: 'debug' },
    databaseUrl: 'postgres://e:f@g:2/h',
  });
  expect(() => readMigrationConfig({})).toThrow('MIGRATION_DATABASE_URL: expected a URL');
});
