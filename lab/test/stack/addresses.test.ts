import { readManifest } from '@lab/manifest';
import { expect, test } from 'vitest';
import { settingsFrom } from '../../src/settings/settings.ts';
import { SECRET_NAMES } from '../../src/settings/variables.ts';
import { entrances, localAddresses, localPort } from '../../src/stack/addresses.ts';
import type { Traits, Viewers } from '../../src/stack/stack.ts';

const secrets = Object.fromEntries(SECRET_NAMES.map((name) => [name, `${name}-0123456789abcdef`]));
const settings = settingsFrom({ ...secrets, GRAFANA_PORT: '3100', POSTGRES_PORT: '5500' });
const manifest = readManifest();
const OWN: Viewers = { dashboards: 'console', logs: 'console', traces: 'console', alerts: 'console' };
const TOOLS: Viewers = { dashboards: 'grafana', logs: 'kibana', traces: 'jaeger', alerts: 'alertmanager' };

function tableOf(parts: readonly string[], viewers: Viewers) {
  const addresses = localAddresses(manifest, settings, parts);
  return entrances({ parts, addresses, traits: { viewers } as Traits }, manifest);
}

test('a port is the one that .env chose, and none where nothing is open', () => {
  expect(localPort(manifest, settings, 'grafana', 3000)).toBe(3100);
  expect(localPort(manifest, settings, 'api', 9464)).toBe(9464);
  expect(localPort(manifest, settings, 'toxiproxy', 8474)).toBe(8474);
  expect(localPort(manifest, settings, 'api', 1)).toBeUndefined();
});

test('a part is reached at the first port that it publishes, if it is one of the lab', () => {
  const addresses = localAddresses(manifest, settings, ['jaeger', 'grafana', 'postgres', 'worker']);
  expect(addresses).toMatchObject({
    web: 'http://127.0.0.1:8080',
    otlp: 'http://127.0.0.1:4318',
    jaeger: 'http://127.0.0.1:16686',
    grafana: 'http://127.0.0.1:3100',
    postgres: 'postgres://taskmanager@127.0.0.1:5500/taskmanager',
  });
  expect([addresses['worker'], addresses['kibana']]).toEqual([undefined, undefined]);
});

test('without tools of their own, the table says what the console shows', () => {
  const started = manifest.parts.filter(({ lite }) => lite).map(({ name }) => name);
  const table = tableOf(started, OWN);
  expect(table.map(({ name }) => name).sort()).toEqual(
    ['API', 'Alertmanager', 'Postgres', 'Prometheus', 'console', 'task manager'].sort(),
  );
  expect(table.find(({ name }) => name === 'console')?.login).toBe(
    'none; dashboards, logs and traces are its pages',
  );
  expect(table.find(({ name }) => name === 'Alertmanager')?.login).toBe(
    'none (the API; silences are set in the console)',
  );
});

test('with them, each tool has its row', () => {
  const all = manifest.parts.map(({ name }) => name);
  const names = tableOf(all, TOOLS).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['Grafana', 'Kibana', 'Jaeger']));
  expect(names).toHaveLength(9);
  expect(tableOf(all, TOOLS).find(({ name }) => name === 'console')?.login).toBe('none');
});
