import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ComposeService,
  composeText,
  type Manifest,
  manifestOf,
  ROOT,
  readManifest,
} from '@lab/manifest';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { complaintsAbout, type KubernetesObject, readManifests } from '../src/index.ts';
import { documentsOf } from '../src/read-folder.ts';

const objects = readManifests();
const manifest = readManifest();

it('has every part of compose.yaml as compose.yaml describes it, and nothing else', () => {
  expect(complaintsAbout(objects, manifest)).toEqual([]);
});

describe('complains of what drifts:', () => {
  it.each<[what: string, part: string, change: (container: Container) => void, complaint: RegExp]>([
    [
      'an image',
      'api',
      (api) => (api.image = 'x:1'),
      /^kubernetes: api: image: expected "observability-lab\/taskmanager-api:0\.1\.0", got "x:1"$/,
    ],
    [
      'a variable',
      'web',
      (web) => (web.env = web.env?.filter(({ name }) => name !== 'API_URL') ?? []),
      /^kubernetes: web: environment API_URL: expected "http:\/\/api:3001", got nothing$/,
    ],
    [
      'a variable too many',
      'web',
      (web) => web.env?.push({ name: 'MORE', value: '1' }),
      /^kubernetes: web: environment MORE: expected nothing, got "1"$/,
    ],
    [
      'an address without its namespace',
      'worker',
      (worker) => change(worker, 'OTEL_EXPORTER_OTLP_ENDPOINT', 'http://jaeger:4318'),
      /^kubernetes: worker: environment OTEL.*: expected "http:\/\/jaeger\.monitoring:4318", got "http:\/\/jaeger:4318"$/,
    ],
    [
      'a secret from another key',
      'api',
      (api) => secret(api, 'SESSION_SECRET', 'FAULTS_TOKEN'),
      /^kubernetes: api: environment SESSION_SECRET: expected "<SESSION_SECRET>", got "<FAULTS_TOKEN>"$/,
    ],
    [
      'arguments',
      'prometheus',
      (prometheus) => prometheus.args?.pop(),
      /^kubernetes: prometheus: args: expected /,
    ],
    [
      'memory',
      'jaeger',
      (jaeger) => limit(jaeger, 'memory', '1Gi'),
      /^kubernetes: jaeger: memory: expected "328Mi", got "1Gi"$/,
    ],
    [
      'processors',
      'jaeger',
      (jaeger) => limit(jaeger, 'cpu', '250m'),
      /^kubernetes: jaeger: processors: expected "1000m", got "250m"$/,
    ],
    [
      'a port',
      'web',
      (web) => web.ports?.shift(),
      /^kubernetes: web: port 8080: expected a port of its Service, got none$/,
    ],
    [
      'the name of the scraped port',
      'worker',
      (worker) => (worker.ports = [{ name: 'http', containerPort: 9464 }]),
      /^kubernetes: worker: port 9464: expected it among .* by the name metrics$/,
    ],
    [
      'a file',
      'blackbox-exporter',
      (exporter) => (exporter.volumeMounts = [{ name: 'config', mountPath: '/etc/other' }]),
      /^kubernetes: blackbox-exporter: file \/etc\/other\/blackbox\.yml: expected no such file/,
    ],
  ])('%s', (_, part, mutate, complaint) => {
    const changed = structuredClone(objects) as KubernetesObject[];
    mutate(containerOf(changed, part));
    expect(complaintsAbout(changed, manifest)).toEqual([expect.stringMatching(complaint)]);
  });

  it('a reason that is needed no more', () => {
    const changed = structuredClone(objects) as KubernetesObject[];
    limit(containerOf(changed, 'prometheus'), 'memory', '176Mi');
    expect(complaintsAbout(changed, manifest)).toEqual([
      'DIFFERENCES.prometheus.memory: expected a difference, but there is none',
    ]);
  });

  it('a management port that a Service opens', () => {
    const changed = structuredClone(objects) as KubernetesObject[];
    const service = changed.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'api');
    service?.spec?.ports?.push({ name: 'metrics', port: 9464, targetPort: 'metrics' });
    expect(complaintsAbout(changed, manifest)).toEqual([
      'kubernetes: api: port 9464: expected the management port in no Service',
    ]);
  });

  it('a rule that no ConfigMap has', () => {
    const changed = objects.map((object) =>
      object.metadata.name === 'prometheus-rules'
        ? { ...object, data: Object.fromEntries(Object.entries(object.data ?? {}).slice(1)) }
        : object,
    );
    expect(complaintsAbout(changed, manifest)).toEqual([
      expect.stringMatching(
        /^prometheus\/rules\/adaptive\.yml: expected its name in prometheus\/kustomization\.yaml: run/,
      ),
    ]);
  });
});

describe('a service of one’s own', () => {
  const readme = readFileSync(join(ROOT, 'kubernetes/README.md'), 'utf8');
  const shown = documentsOf(/```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '', 'kubernetes/README.md');

  it('is told what to add', () => {
    expect(complaintsAbout(objects, withShop())).toEqual([
      'services.shop of compose.yaml: expected a container named shop in kubernetes/base: add kubernetes/base/shop.yaml ' +
        '(kubernetes/README.md shows how), or name it with a reason in kubernetes/src/compare/expected-differences.ts',
    ]);
  });

  it('is complete with what the README shows', () => {
    expect(shown.map(({ kind }) => kind)).toEqual(['Deployment', 'NetworkPolicy']);
    expect(complaintsAbout([...objects, ...shown], withShop())).toEqual([]);
  });
});

it('says that a part which compose.yaml has no more is one too many', () => {
  const parts = manifest.parts.filter(({ name }) => name !== 'worker');
  expect(complaintsAbout(objects, { ...manifest, parts })).toEqual([
    expect.stringMatching(
      /^Deployment taskmanager-worker: expected a part of compose.yaml, got container worker/,
    ),
  ]);
});

type Container = NonNullable<NonNullable<KubernetesObject['spec']>['template']>['spec']['containers'][number];

function containerOf(all: readonly KubernetesObject[], name: string): Container {
  const found = all
    .flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
    .find((container) => container.name === name);
  if (!found) throw new Error(`expected a container named ${name}`);
  return found;
}

function change({ env = [] }: Container, variable: string, value: string): void {
  for (const each of env) if (each.name === variable) each.value = value;
}

function secret({ env = [] }: Container, variable: string, key: string): void {
  for (const { name, valueFrom } of env)
    if (name === variable && valueFrom?.secretKeyRef) valueFrom.secretKeyRef.key = key;
}

function limit({ resources }: Container, what: string, value: string): void {
  if (resources?.limits) resources.limits[what] = value;
}

/** compose.yaml with the service of testing/fixtures/shop in it. */
function withShop(): Manifest {
  const block = readFileSync(join(ROOT, 'testing/fixtures/shop/service.yaml'), 'utf8');
  const text = composeText().replace(
    /^services:\n/m,
    (line) => `${line}${block.replaceAll(/^(?=.)/gm, '  ')}\n`,
  );
  return manifestOf((parse(text, { merge: true }) as { services: Record<string, ComposeService> }).services);
}
