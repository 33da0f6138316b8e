import { describe, expect, it } from 'vitest';
import {
  belongsToKibana,
  composeText,
  imagesOf,
  isPinned,
  mebibytes,
  memoryTotals,
  mountsOf,
  readCompose,
  readManifest,
  startedByDefault,
  withDefaults,
} from '../src/index.ts';

const compose = readCompose();
const services = Object.entries(compose.services);
/** Run by a command, not kept up: nothing waits for their health. */
const TASKS = ['elasticsearch-setup', 'k6', 'playwright'];
/** Exceptions, each with its reason beside it in compose.yaml. */
const WRITABLE_ROOT = ['elasticsearch', 'kibana'];
const ROOT_USER = ['cadvisor'];
const NAMED_VOLUME = /^[a-z][a-z-]+$/;

describe.each(services)('%s', (name, service) => {
  it('has an image of a full version that .env can replace', () => {
    expect(service.image).toMatch(/^\$\{[A-Z0-9_]+_IMAGE:-.+\}$/);
    expect(withDefaults(service.image)).toSatisfy(isPinned);
  });

  it('is limited in memory, without swap on top, and in processor time', () => {
    expect(mebibytes(service.mem_limit)).toBeGreaterThan(0);
    expect(service.memswap_limit).toBe(service.mem_limit);
    expect(service.cpus).toBeGreaterThan(0);
  });

  it('has no privileges: no root, no capability, no way to gain one, nothing written to its image', () => {
    if (!ROOT_USER.includes(name)) expect(service.user).not.toMatch(/^(root|0)(:|$)/);
    expect(service.user).toBeDefined();
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add).toBeUndefined();
    expect(service.privileged).toBeUndefined();
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.read_only).toBe(!WRITABLE_ROOT.includes(name));
  });

  it('is not reachable from beyond this host, and not outside the networks of compose.yaml', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z]+_PORT:-\d+\}:\d+$/);
    expect(service.network_mode).toBeUndefined();
    expect(service.networks?.length).toBeGreaterThan(0);
    for (const network of service.networks ?? []) expect(Object.keys(compose.networks)).toContain(network);
  });

  it('publishes no management listener', () => {
    for (const port of service.ports ?? []) expect(port).not.toMatch(/:(9464|8474|24231|13133)$/);
  });

  it('says when it is well, has an init process and bounded logs', () => {
    expect(service.init).toBe(true);
    expect(service.logging?.options).toEqual({ 'max-size': '10m', 'max-file': '3' });
    expect(service.restart).toBe(TASKS.includes(name) ? 'no' : 'unless-stopped');
    if (TASKS.includes(name)) return;
    expect(service.healthcheck?.test[0]).toMatch(/^CMD(-SHELL)?$/);
    expect(service.healthcheck).toMatchObject({ interval: '5s', timeout: '4s', retries: 3 });
  });

  it('waits for others by their health, and only for parts that exist', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(other);
      expect(condition).toBe(TASKS.includes(other) ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  it('can run in two checkouts at once and does not mount the container engine', () => {
    expect(service.container_name).toBeUndefined();
    for (const { source } of mountsOf(service)) expect(source).not.toMatch(/docker\.sock$/);
  });

  it('writes only to named volumes and memory', () => {
    for (const { source, readOnly, type } of mountsOf(service)) {
      if (type !== 'bind' && NAMED_VOLUME.test(source)) {
        expect(Object.keys(compose.volumes)).toContain(source);
      } else expect(readOnly || source === '').toBe(true);
    }
  });
});

it('has no volume and no network that nothing uses', () => {
  const mounted = services.flatMap(([, service]) => mountsOf(service).map(({ source }) => source));
  for (const volume of Object.keys(compose.volumes)) expect(mounted).toContain(volume);
  const joined = services.flatMap(([, { networks = [] }]) => networks);
  for (const network of Object.keys(compose.networks)) expect(joined).toContain(network);
});

it('gives each published port a variable and a number of its own', () => {
  const ports = services.flatMap(([, service]) => service.ports ?? []).map((port) => port.split(':')[1]);
  expect(new Set(ports).size).toBe(ports.length);
});

function shareNetwork(one: string, other: string): boolean {
  const networks = compose.services[other]?.networks ?? [];
  return (compose.services[one]?.networks ?? []).some((network) => networks.includes(network));
}

it.each(['postgres', 'toxiproxy', 'elasticsearch', 'kibana', 'postgres-exporter'])(
  'keeps web away from %s',
  (part) => {
    expect(shareNetwork('web', part)).toBe(false);
  },
);

it.each([
  ['web', 'api'],
  ['api', 'toxiproxy'],
  ['toxiproxy', 'postgres'],
  ['api', 'postgres'],
  ['worker', 'postgres'],
  ['api', 'jaeger'],
  ['worker', 'jaeger'],
  ['web', 'jaeger'],
  ['console', 'prometheus'],
  ['console', 'alertmanager'],
  ['alertmanager', 'console'],
  ['prometheus', 'alertmanager'],
  ['prometheus', 'toxiproxy'],
  ['prometheus', 'postgres-exporter'],
  ['prometheus', 'fluentd'],
  ['prometheus', 'grafana'],
  ['prometheus', 'worker'],
  ['jaeger', 'prometheus'],
  ['fluentd', 'elasticsearch'],
  ['elasticsearch-setup', 'elasticsearch'],
  ['kibana', 'elasticsearch'],
  ['kibana-setup', 'kibana'],
  ['grafana', 'elasticsearch'],
  ['grafana', 'jaeger'],
  ['grafana', 'prometheus'],
  ['grafana', 'alertmanager'],
  ['blackbox-exporter', 'web'],
  ['blackbox-exporter', 'worker'],
  ['blackbox-exporter', 'postgres'],
  ['blackbox-exporter', 'elasticsearch'],
  ['blackbox-exporter', 'kibana'],
])('lets %s reach %s', (one, other) => {
  expect(shareNetwork(one, other)).toBe(true);
});

it('fits into 4096 MiB, and into 3072 MiB without Kibana', () => {
  const { all, withoutKibana } = memoryTotals(compose);
  expect(all).toBeLessThanOrEqual(4096);
  expect(withoutKibana).toBeLessThanOrEqual(3072);
});

it('leaves out Kibana and its setup together', () => {
  const optional = startedByDefault(compose).filter(([, service]) => belongsToKibana(service));
  expect(optional.map(([name]) => name)).toEqual(['kibana', 'kibana-setup']);
});

it('gives Elasticsearch and Kibana the same version', () => {
  const versions = imagesOf(compose)
    .filter((image) => /elasticsearch|kibana/.test(image))
    .map((image) => image.split(':')[1]);
  expect(new Set(versions).size).toBe(1);
});

it('asks for `make env` where a secret is missing, and has no other variable without a default', () => {
  const uses = composeText()
    .split('\n')
    .map((line) => line.replace(/#.*$/, ''))
    .flatMap((line) => [...line.matchAll(/\$\{([A-Z0-9_]+)(:?[-+?]|\})([^}]*)/g)]);
  for (const [, name, operator, rest] of uses) {
    if (operator?.endsWith('?')) expect(rest, name).toBe('run make env');
    else expect(operator, name).not.toBe('}');
  }
  const secrets = new Set(uses.filter(([, , operator]) => operator?.endsWith('?')).map(([, name]) => name));
  expect([...secrets].every((name) => /(PASSWORD|TOKEN|SECRET)$/.test(name ?? ''))).toBe(true);
});

it('names no variable that the lab does not know', async () => {
  const { SECRET_NAMES } = await import('@lab/cli');
  const known = new Set<string>([
    ...readManifest().ports.map(({ variable }) => variable),
    ...SECRET_NAMES,
    ...SETTINGS,
  ]);
  const used = [...composeText().matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name]) => name ?? '');
  expect(used.filter((name) => !known.has(name) && !name.endsWith('_IMAGE'))).toEqual([]);
});

it('has one default for each variable, wherever it stands', () => {
  const defaults = new Map<string, Set<string>>();
  for (const [, name = '', value = ''] of composeText().matchAll(/\$\{([A-Z0-9_]+):?-([^${}]*)\}/g))
    defaults.set(name, (defaults.get(name) ?? new Set()).add(value));
  const several = [...defaults].filter(([, values]) => values.size > 1);
  expect(several.map(([name, values]) => `${name}: ${[...values].join(', ')}`)).toEqual([]);
});

/** Beside ports, secrets and images: what a person, or `lab`, may set. */
const SETTINGS = [
  'COMPOSE_PROJECT_NAME',
  'COMPOSE_PROFILES',
  'LOG_LEVEL',
  'OTEL_TRACES_SAMPLER_ARG',
  'FAULTS_ENABLED',
  'GRAFANA_REPLICAS',
  'GRAFANA_URL',
  'HOST_EXPORTERS',
  'KIBANA_REPLICAS',
  'KIBANA_URL',
  'PROMETHEUS_CONFIG_DIR',
  'PROMETHEUS_RESEND_DELAY',
  'ALERTMANAGER_CONFIG_DIR',
  'ALERTMANAGER_SECRETS_DIR',
];
