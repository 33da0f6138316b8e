import { ConfigError } from '@lab/kit';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/server/config.ts';

test('each variable lands in its place', () => {
  const config = readConfig({
    SERVICE_NAME: 'web-x',
    SERVICE_VERSION: '9.8.7',
    SERVICE_INSTANCE_ID: 'instance-1',
    DEPLOYMENT_ENVIRONMENT: 'staging',
    LOG_LEVEL: 'debug',
    LOG_FILE: 'logs/web.log',
    LOG_STDOUT: 'false',
    HOST: '0.0.0.0',
    PORT: '18080',
    MANAGEMENT_HOST: '127.0.0.2',
    MANAGEMENT_PORT: '19465',
    API_URL: 'http://api:3001',
    ASSETS_FOLDER: '/srv/release-2',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://jaeger:4318',
    OTEL_TRACES_SAMPLER_ARG: '0.3',
    TRUSTED_PROXIES: '2',
    INTAKE_RATE: '7',
    FAULTS_ENABLED: 'true',
    FAULTS_TOKEN: 'a-token-of-16-chars',
    SHUTDOWN_DRAIN_SECONDS: '12',
    KEEP_ALIVE_GRACE_MS: '1200',
  });
  expect(config).toEqual({
    service: { name: 'web-x', version: '9.8.7', instanceId: 'instance-1', environment: 'staging' },
    log: { level: 'debug', file: 'logs/web.log', stdout: false },
    host: '0.0.0.0',
    port: 18080,
    management: { host: '127.0.0.2', port: 19465 },
    apiUrl: new URL('http://api:3001'),
    assetsFolder: '/srv/release-2',
    otlpEndpoint: new URL('http://jaeger:4318'),
    sampleRatio: 0.3,
    trustedProxies: 2,
    intakeRate: 7,
    faults: { enabled: true, token: 'a-token-of-16-chars' },
    drainSeconds: 12,
    keepAliveGraceMs: 1200,
  });
});

test('without any variable, or with empty ones, the defaults hold', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    management: { port: 9465 },
    sampleRatio: 0.1,
  });
  expect(config.apiUrl.href).toBe('http://127.0.0.1:3001/');
  expect(config.otlpEndpoint).toBeUndefined();
  expect(config.service.name).toBe('taskmanager-web');
  expect({ ...readConfig({ PORT: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' }), service: 0 }).toEqual({
    ...config,
    service: 0,
  });
});

test.each([
  ['PORT', '80800', 'a whole number from 0 to 65535'],
  ['PORT', '80a', 'a whole number from 0 to 65535'],
  ['API_URL', 'localhost:3001', 'a base URL such as http://127.0.0.1:3001'],
  ['API_URL', 'ftp://api', 'a base URL such as http://127.0.0.1:3001'],
  ['OTEL_TRACES_SAMPLER_ARG', '10%', 'a number from 0 to 1'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'a number from 0 to 1'],
  ['LOG_LEVEL', 'verbose', 'one of error, warn, info, debug'],
  ['FAULTS_ENABLED', 'yes', 'true or false'],
  ['TRUSTED_PROXIES', '-1', 'a whole number from 0 to 10'],
])('%s=%s stops the start, with what is expected', (name, value, expected) => {
  expect(() => readConfig({ [name]: value })).toThrow(
    new ConfigError(`${name}: expected ${expected}, got ${JSON.stringify(value)}`),
  );
});

test('a secret that is wrong is not shown, and one that is missing is missed', () => {
  expect(() => readConfig({ FAULTS_TOKEN: 'short-secret' })).toThrow(
    /^FAULTS_TOKEN: expected at least 16 characters, got a secret of 12 characters$/,
  );
  expect(() => readConfig({ FAULTS_ENABLED: 'true' })).toThrow(/FAULTS_TOKEN: expected .*, got nothing$/);
});

test('all that is wrong is said at once', () => {
  expect(() => readConfig({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/LOG_LEVEL.*\n.*PORT/);
});
