import { ConfigError } from '@lab/kit';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';

const DATABASE_URL = 'postgres://taskmanager_app:hunter2hunter2@127.0.0.1:5433/taskmanager';

describe('readConfig', () => {
  test('puts every variable where it belongs', () => {
    const config = readConfig({
      SERVICE_NAME: 'worker-of-the-test',
      SERVICE_VERSION: '9.8.7',
      SERVICE_INSTANCE_ID: 'instance-1',
      DEPLOYMENT_ENVIRONMENT: 'test-environment',
      LOG_LEVEL: 'debug',
      LOG_FILE: '/var/log/worker.log',
      LOG_STDOUT: 'false',
      MANAGEMENT_HOST: '127.0.0.2',
      MANAGEMENT_PORT: '12345',
      DATABASE_URL,
      DATABASE_POOL_SIZE: '17',
      DATABASE_STATEMENT_TIMEOUT_MS: '4321',
      WORKER_CONCURRENCY: '7',
      FAULTS_ENABLED: 'true',
      FAULTS_TOKEN: 'a-token-of-the-test',
      SHUTDOWN_DRAIN_SECONDS: '21',
      KEEP_ALIVE_GRACE_MS: '1210',
    });
    expect(config).toEqual({
      service: {
        name: 'worker-of-the-test',
        version: '9.8.7',
        instanceId: 'instance-1',
        environment: 'test-environment',
      },
      log: { level: 'debug', file: '/var/log/worker.log', stdout: false },
      database: { url: DATABASE_URL, poolSize: 17, statementTimeoutMs: 4_321 },
      concurrency: 7,
      management: { host: '127.0.0.2', port: 12_345 },
      faults: { enabled: true, token: 'a-token-of-the-test' },
      drainSeconds: 21,
      keepAliveGraceMs: 1210,
    });
  });

  test('needs only DATABASE_URL, and takes an empty value for none', () => {
    expect(readConfig({ DATABASE_URL, LOG_FILE: '', WORKER_CONCURRENCY: '' })).toMatchObject({
      service: { name: 'taskmanager-worker' },
      log: { level: 'info', file: undefined, stdout: true },
      database: { poolSize: 5, statementTimeoutMs: 5_000 },
      concurrency: 2,
      management: { host: '127.0.0.1', port: 9466 },
      faults: { enabled: false, token: undefined },
      drainSeconds: 10,
    });
  });

  test.each([
    ['WORKER_CONCURRENCY', 'many', 'WORKER_CONCURRENCY: expected a whole number from 1 to 50, got "many"'],
    ['WORKER_CONCURRENCY', '1e1', 'WORKER_CONCURRENCY: expected a whole number from 1 to 50, got "1e1"'],
    ['MANAGEMENT_PORT', '65536', 'MANAGEMENT_PORT: expected a whole number from 0 to 65535, got "65536"'],
    ['LOG_STDOUT', 'yes', 'LOG_STDOUT: expected true or false, got "yes"'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL: expected one of error, warn, info, debug, got "loud"'],
    [
      'FAULTS_ENABLED',
      'true',
      'FAULTS_TOKEN: expected at least 16 characters because FAULTS_ENABLED is true, got nothing',
    ],
    [
      'DATABASE_POOL_SIZE',
      '4',
      'DATABASE_POOL_SIZE: expected more than 4 (WORKER_CONCURRENCY 2 × 2 queues), so that a connection is left for the queue\'s own statements, got "4"',
    ],
  ])('refuses %s=%s, saying what it expected', (name, value, message) => {
    expect(() => readConfig({ DATABASE_URL, [name]: value })).toThrow(new ConfigError(message));
  });

  test('names every wrong variable at once, and shows no secret', () => {
    const wrong = {
      DATABASE_URL: 'mysql://user:hunter2hunter2@host/db',
      FAULTS_TOKEN: 'short',
      MANAGEMENT_PORT: 'x',
    };
    expect(() => readConfig(wrong)).toThrow(
      new ConfigError(
        [
          'MANAGEMENT_PORT: expected a whole number from 0 to 65535, got "x"',
          'FAULTS_TOKEN: expected at least 16 characters, got a secret of 5 characters',
          'DATABASE_URL: expected a URL of the form postgres://user:password@host:port/database, got a secret of 35 characters',
        ].join('\n'),
      ),
    );
    expect(() => readConfig({})).toThrow(/^DATABASE_URL: expected a URL .* got nothing$/);
  });
});
