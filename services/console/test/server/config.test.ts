import { ConfigError } from '@lab/kit';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/server/config.ts';

const VIEWERS = [
  { name: 'grafana', title: 'Grafana', url: 'http://localhost:6', dashboard: '/d/{uid}' },
  { name: 'kibana', title: 'Kibana', url: 'http://localhost:7', logs: '/discover?q={query}' },
  { name: 'jaeger', title: 'Jaeger', url: 'http://localhost:8', trace: '/trace/{traceId}' },
];

/** A value of its own for every variable. */
const EVERY = {
  SERVICE_NAME: 'a-console',
  SERVICE_VERSION: '9.9.9',
  SERVICE_INSTANCE_ID: 'instance-1',
  DEPLOYMENT_ENVIRONMENT: 'test',
  LOG_LEVEL: 'warn',
  LOG_FILE: '/logs/console.log',
  LOG_STDOUT: 'false',
  HOST: '127.0.0.2',
  PORT: '8001',
  MANAGEMENT_HOST: '127.0.0.3',
  MANAGEMENT_PORT: '9001',
  LAB_MODE: 'lite',
  PROMETHEUS_URL: 'http://prometheus:1',
  ALERTMANAGER_URL: 'http://alertmanager:2',
  PROMETHEUS_PUBLIC_URL: 'http://localhost:3',
  ALERTMANAGER_PUBLIC_URL: 'http://localhost:4',
  WEB_URL: 'http://localhost:5',
  VIEWERS: JSON.stringify(VIEWERS),
  KEEP_SIGNALS: 'true',
  CONSOLE_DATA_DIR: '/data',
  LAB_TOKEN: 'a-token-of-the-lab',
  DASHBOARDS_DIR: '/dashboards',
  RUNBOOKS_DIR: '/runbooks',
  REHEARSAL_DIR: '/rehearsal',
  PARTS_FILE: '/parts.json',
  WATCHDOG_INTERVAL_SECONDS: '61',
  INBOX_MAX_MESSAGES: '62',
  INBOX_MAX_MB: '63',
  LOG_DIR: '/logs',
  OTLP_HOST: '127.0.0.4',
  OTLP_PORT: '4001',
  OTLP_MAX_BODY_MB: '5',
  STORE_MAX_LOG_MB: '101',
  STORE_MAX_TRACE_MB: '102',
  STORE_MAX_AGE_HOURS: '103',
  FAULTS_ENABLED: 'true',
  FAULTS_TOKEN: 'a-token-for-faults',
  SHUTDOWN_DRAIN_SECONDS: '7',
  KEEP_ALIVE_GRACE_MS: '1230',
};

test('every variable lands where it belongs', () => {
  const MEBIBYTE = 1024 * 1024;
  expect(readConfig(EVERY)).toEqual({
    service: { name: 'a-console', version: '9.9.9', instanceId: 'instance-1', environment: 'test' },
    log: { level: 'warn', file: '/logs/console.log', stdout: false },
    mode: 'lite',
    host: '127.0.0.2',
    port: 8001,
    management: { host: '127.0.0.3', port: 9001 },
    prometheusUrl: new URL('http://prometheus:1'),
    alertmanagerUrl: new URL('http://alertmanager:2'),
    publicUrls: {
      web: 'http://localhost:5',
      prometheus: 'http://localhost:3',
      alertmanager: 'http://localhost:4',
    },
    viewers: VIEWERS,
    dataDirectory: '/data',
    labToken: 'a-token-of-the-lab',
    dashboardsDirectory: '/dashboards',
    runbooksDirectory: '/runbooks',
    rehearsalDirectory: '/rehearsal',
    partsFile: '/parts.json',
    watchdogIntervalSeconds: 61,
    inbox: { maxMessages: 62, maxBytes: 63 * MEBIBYTE },
    signals: {
      logDirectory: '/logs',
      otlp: { host: '127.0.0.4', port: 4001, maxBodyBytes: 5 * MEBIBYTE },
      maxLogBytes: 101 * MEBIBYTE,
      maxSpanBytes: 102 * MEBIBYTE,
      maxAgeMs: 103 * 3_600_000,
    },
    faults: { enabled: true, token: 'a-token-for-faults' },
    drainSeconds: 7,
    keepAliveGraceMs: 1230,
  });
});

test('without any variable it starts in lite, on its own ports; in full mode it keeps no signals', () => {
  expect(readConfig({})).toMatchObject({
    mode: 'lite',
    port: 8000,
    management: { port: 9467 },
    signals: { otlp: { port: 4318 }, logDirectory: undefined },
    labToken: undefined,
  });
  expect(readConfig({ LAB_MODE: 'full', KEEP_SIGNALS: 'false', LOG_DIR: '/logs' }).signals).toBeUndefined();
  // Compose passes an unset variable on as an empty one.
  expect(readConfig({ VIEWERS: '', PORT: '' })).toMatchObject({ port: 8000, viewers: [] });
  expect(readConfig({ VIEWERS: JSON.stringify([{ ...VIEWERS[0], url: '' }, VIEWERS[1]]) }).viewers).toEqual([
    VIEWERS[1],
  ]);
});

const A_LIST =
  'a list as JSON, such as [{"name":"grafana","title":"Grafana","url":"http://127.0.0.1:3000","dashboard":"/d/{uid}"}]';

test.each([
  ['PORT', '70000', 'a whole number from 0 to 65535'],
  ['PORT', '80a', 'a whole number from 0 to 65535'],
  ['LAB_MODE', 'no name', 'a short name such as lite'],
  ['PROMETHEUS_URL', 'prometheus:9090', 'a base URL such as http://127.0.0.1:9090'],
  ['WEB_URL', 'javascript:alert(1)', 'a base URL such as http://127.0.0.1:9090'],
  ['KEEP_SIGNALS', 'some', 'true or false'],
  ['VIEWERS', '[{', A_LIST],
  ['VIEWERS', '[{"name":"x","title":"X","url":"javascript:alert(1)"}]', A_LIST],
  ['VIEWERS', '[{"name":"x","title":"X","url":"http://x","trace":"//evil","more":1}]', A_LIST],
  ['STORE_MAX_LOG_MB', '1', 'mebibytes from 16 to 1000000'],
  ['STORE_MAX_AGE_HOURS', '-1', 'hours from 1 to 100000'],
  ['LOG_LEVEL', 'loud', 'one of error, warn, info, debug'],
  ['WATCHDOG_INTERVAL_SECONDS', '0', 'seconds from 1 to 86400'],
])('%s=%s stops the start, saying what was expected', (name, value, expected) => {
  expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
  expect(() => readConfig({ [name]: value })).toThrow(
    `${name}: expected ${expected}, got ${JSON.stringify(value)}`,
  );
});

test('a secret is never repeated in the message, and all that is wrong is said at once', () => {
  expect(() => readConfig({ LAB_TOKEN: 'short', PORT: 'x' })).toThrow(
    /PORT: .*, got "x"\nLAB_TOKEN: expected at least 16 characters, got a secret of 5 characters/,
  );
  expect(() => readConfig({ LAB_TOKEN: 'short' })).not.toThrow('short"');
  expect(() => readConfig({ FAULTS_ENABLED: 'true' })).toThrow(
    'FAULTS_TOKEN: expected at least 16 characters because FAULTS_ENABLED is true, got nothing',
  );
});
