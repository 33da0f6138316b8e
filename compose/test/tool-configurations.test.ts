import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT, readCompose, withDefaults } from '../src/index.ts';
import { readFluentdConfiguration, type Section } from './support/fluentd-configuration.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const compose = readCompose();

describe('Grafana', () => {
  const { apiVersion, datasources } = parse(read('grafana/provisioning/datasources/lab.yaml')) as {
    apiVersion: number;
    datasources: {
      name: string;
      uid: string;
      type: string;
      url: string;
      jsonData: Record<string, unknown>;
    }[];
  };

  it('has the four data sources under the uids that dashboards and links name', () => {
    expect(apiVersion).toBe(1);
    expect(datasources.map(({ uid, type }) => `${uid}: ${type}`)).toEqual([
      'prometheus: prometheus',
      'jaeger: jaeger',
      'elasticsearch: elasticsearch',
      'alertmanager: alertmanager',
    ]);
  });

  it('finds each of them where compose.yaml runs it', () => {
    for (const { url } of datasources) expect(Object.keys(compose.services)).toContain(new URL(url).hostname);
  });

  it('links only to data sources that exist', () => {
    const links = [...JSON.stringify(datasources).matchAll(/"datasourceUid":"([^"]+)"/g)].map(
      ([, uid]) => uid,
    );
    expect(links.length).toBeGreaterThan(3);
    for (const uid of links) expect(datasources.map((each) => each.uid)).toContain(uid);
  });

  it("escapes its own variables, which Grafana would take for the environment's", () => {
    const values = JSON.stringify(datasources);
    for (const [whole] of values.matchAll(/\$+(__|\{)/g)) expect(whole.startsWith('$$')).toBe(true);
  });

  it('reads dashboards from where compose.yaml mounts them and shows one of them first', () => {
    const { providers } = parse(read('grafana/provisioning/dashboards/lab.yaml')) as {
      providers: { type: string; options: { path: string } }[];
    };
    const [provider] = providers;
    expect(provider?.type).toBe('file');
    const mounts = compose.services['grafana']?.volumes ?? [];
    expect(mounts).toContain(`./grafana/dashboards:${provider?.options.path}:ro`);
    const home = compose.services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'];
    const [, file] = new RegExp(`^${provider?.options.path}/(.+\\.json)$`).exec(String(home)) ?? [];
    JSON.parse(read(`grafana/dashboards/${file}`));
  });

  it('calls nobody on the internet and has no alerting of its own', () => {
    expect(compose.services['grafana']?.environment).toMatchObject({
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
      GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
      GF_NEWS_NEWS_FEED_ENABLED: 'false',
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      GF_SECURITY_DISABLE_GRAVATAR: 'true',
      GF_UNIFIED_ALERTING_ENABLED: 'false',
    });
  });
});

const all = (list: Section[]): Section[] => list.flatMap((each) => [each, ...all(each.sections)]);
const fluentd = (file: string) => readFluentdConfiguration(join(ROOT, 'fluentd', file));
const tailOf = (sections: Section[]) => sections.find(({ parameters }) => parameters['@type'] === 'tail');

describe.each(['fluent.conf', 'kubernetes.conf'])('Fluentd with %s', (file) => {
  const sections = fluentd(file);
  const output = all(sections).find(({ parameters }) => parameters['@type'] === 'elasticsearch');
  const [buffer] = output?.sections.filter(({ name }) => name === 'buffer') ?? [];

  it('keeps what could not be parsed or indexed, counted, in the state volume', () => {
    const errors = sections.find(({ name, argument }) => name === 'label' && argument === '@ERROR');
    const types = errors?.sections.map(({ parameters }) => parameters['@type']);
    expect(types).toEqual(['prometheus', 'file']);
    expect(all(errors?.sections ?? []).map(({ parameters }) => parameters['path'])).toContain(
      '/fluentd/state/rejected/lines',
    );
  });

  it('creates by an id that stays in the record: without it the plugin skips the answers about refused lines', () => {
    expect(output?.parameters).toMatchObject({
      write_operation: 'create',
      // A record accessor: the plugin takes a plain event.id apart at its dot, and drops each line for want of an id.
      id_key: "$['event.id']",
    });
    expect(output?.parameters['remove_keys'] ?? '').not.toContain('event.id');
    const filter = all(sections).find(({ parameters }) => parameters['@id'] === 'identity');
    expect(filter?.sections[0]?.parameters['event.id']).toMatch(/service\.instance\.id.+event\.sequence/);
  });

  it('sends refused lines again past the filters, which would not know them, and gives up on none', () => {
    const tag = output?.parameters['retry_tag'] ?? '';
    expect(output?.argument.split(' ')).toContain(tag);
    for (const { argument } of sections.filter(({ name }) => name === 'filter'))
      expect(argument).not.toBe(tag);
    expect(output?.parameters['unrecoverable_error_types']).toBe('[]');
  });

  it("puts a line into the index of its own day, which the template's pattern covers", () => {
    expect(buffer?.argument).toMatch(/\btime\b/);
    expect(buffer?.parameters).toMatchObject({ timekey: '1d', timekey_use_utc: 'true' });
    const name = output?.parameters['index_name']?.replace('%Y.%m.%d', '2026.11.22') ?? '';
    const { index_patterns } = JSON.parse(read('elasticsearch/index-template.json')) as {
      index_patterns: string[];
    };
    expect(index_patterns.some((pattern) => name.startsWith(pattern.replace(/\*$/, '')))).toBe(true);
  });

  it("has the exercise's buffer numbers under today's names", () => {
    expect(buffer?.parameters).toMatchObject({
      '@type': 'file',
      flush_mode: 'interval',
      flush_interval: '5s',
      flush_thread_count: '2',
      retry_type: 'exponential_backoff',
      retry_forever: 'true',
      retry_max_interval: '30s',
      chunk_limit_size: '2M',
      queued_chunks_limit_size: '8',
      overflow_action: 'block',
    });
  });

  it('follows rotations by inode from where it stopped, and keeps all it writes in the state volume', () => {
    const source = tailOf(sections);
    expect(source?.parameters).toMatchObject({ follow_inodes: 'true', read_from_head: 'true' });
    for (const { parameters } of all(sections))
      for (const key of ['pos_file', 'path'])
        if (parameters[key] && !parameters[key].startsWith('/var/log/'))
          expect(parameters[key]).toMatch(/^\/fluentd\/state\//);
  });

  it('says every plugin by an id of its own', () => {
    const plugins = all(sections).filter(
      ({ name, parameters }) => ['source', 'filter', 'match'].includes(name) && parameters['@type'],
    );
    const ids = plugins.map(({ parameters }) => parameters['@id']);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('Fluentd in Compose', () => {
  it('follows the folder that the services write', () => {
    expect(tailOf(fluentd('fluent.conf'))?.parameters['path']).toContain('/var/log/taskmanager/*.log,');
    expect(compose.services['fluentd']?.volumes).toContain('app-logs:/var/log/taskmanager:ro');
  });
});

describe('Fluentd in Kubernetes', () => {
  const sections = fluentd('kubernetes.conf');
  const filter = (id: string) => sections.find(({ parameters }) => parameters['@id'] === id);
  const source = tailOf(sections);
  const frame = source?.sections[0]?.parameters['expression'] ?? '';
  const origin = filter('origin')?.sections[0]?.parameters['origin'] ?? '';

  it('has everything after the following in common with Compose, but for what the runtime and the cluster add', () => {
    const others = fluentd('fluent.conf').filter(({ parameters }) => parameters['@type'] !== 'tail');
    const ids = ['services', 'origin', 'speaker', 'whole', 'pod', 'names'];
    expect(sections.filter(({ parameters }) => !ids.includes(parameters['@id'] ?? ''))).toEqual(others);
    const first = sections.slice(0, ids.length).map(({ parameters }) => parameters['@id']);
    expect(first).toEqual(ids);
  });

  it("reads the links of our pods' containers and the files that the kubelet renamed, but not what it packed", () => {
    expect(source?.parameters['path']?.split(',')).toEqual([
      '/var/log/containers/taskmanager-*.log',
      '/var/log/pods/*_taskmanager-*/*/*.log.*',
    ]);
    const excluded = JSON.parse(source?.parameters['exclude_path'] ?? '') as string[];
    expect(excluded.map((pattern) => pattern.split('/').at(-1))).toEqual(['*.gz', '*.tmp']);
    // A renamed file must not have two readers: a part read twice spoils its line.
    expect(source?.parameters['rotate_wait']).toBe('0');
  });

  it.each([
    ['2026-11-29T05:20:19.123456789Z stdout F {"a":1}', { stream: 'stdout', logtag: 'F', log: '{"a":1}' }],
    ['2026-11-29T06:20:19.1+01:00 stderr P half', { stream: 'stderr', logtag: 'P', log: 'half' }],
    ['2026-11-29T05:20:19.123456789Z stdout F ', { stream: 'stdout', logtag: 'F', log: '' }],
    ['{"log":"of Docker"}', undefined],
  ])('takes the frame of %s', (line, parts) => {
    const found = new RegExp(frame.slice(1, -1)).exec(line)?.groups;
    if (parts === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(parts);
  });

  it.each([
    '/var/log/pods/taskmanager_taskmanager-api-7d9f-x2x_0b1c-2d/api/0.log',
    '/var/log/pods/taskmanager_taskmanager-api-7d9f-x2x_0b1c-2d/api/3.log.20261129-052019',
    `/var/log/containers/taskmanager-api-7d9f-x2x_taskmanager_api-${'0a'.repeat(32)}.log`,
  ])('tells namespace, pod and container by %s', (path) => {
    const [, pattern = ''] = /%r<(.+)>\)\.named_captures/.exec(origin) ?? [];
    const groups = new RegExp(pattern.replace('\\A', '^').replaceAll('\\h', '[0-9a-f]')).exec(path)?.groups;
    expect(groups).toMatchObject({
      namespace: 'taskmanager',
      pod: 'taskmanager-api-7d9f-x2x',
      container: 'api',
      uid: path.includes('/pods/') ? '0b1c-2d' : undefined,
    });
  });

  it('joins the parts of one container and stream, whatever file they are in', () => {
    expect(filter('whole')?.parameters).toMatchObject({
      key: 'log',
      use_partial_cri_logtag: 'true',
      partial_cri_logtag_key: 'logtag',
      partial_cri_stream_key: 'stream',
      stream_identity_key: 'speaker',
      separator: '""',
    });
    expect(filter('speaker')?.sections[0]?.parameters['speaker']).toContain('record["stream"]');
    expect(filter('speaker')?.sections[0]?.parameters['speaker']).not.toContain('log.file.path');
  });

  it('asks the API server for single pods only, and does without its answer', () => {
    expect(filter('pod')?.parameters).toMatchObject({ watch: 'false', allow_orphans: 'false' });
    expect(filter('pod')?.parameters['skip_namespace_metadata']).toBeUndefined();
  });

  it('names fields that the index template knows', () => {
    const { template } = JSON.parse(read('elasticsearch/index-template.json')) as {
      template: { mappings: Mapping };
    };
    const names = Object.keys(filter('names')?.sections[0]?.parameters ?? {});
    const known = (path: string) =>
      path.split('.').reduce<Mapping | undefined>((at, key) => at?.properties?.[key], template.mappings);
    expect(names.filter((name) => name.startsWith('kubernetes.')).length).toBe(6);
    expect(names.filter((name) => known(name) === undefined)).toEqual([]);
  });
});

interface Mapping {
  type?: string;
  properties?: Record<string, Mapping>;
}

describe('Jaeger', () => {
  const config = parse(read('jaeger/jaeger.yaml')) as {
    service: {
      extensions: string[];
      pipelines: Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }>;
    };
    receivers: { otlp: { protocols: Record<string, { endpoint: string }> } };
    processors: Record<string, unknown>;
    connectors: Record<string, unknown>;
    exporters: Record<string, unknown>;
    extensions: Record<string, unknown>;
  };

  it('uses what it defines and defines what it uses', () => {
    const { pipelines, extensions } = config.service;
    const lines = Object.values(pipelines);
    const named = (group: Record<string, unknown>) => Object.keys(group).sort();
    const connectors = named(config.connectors);
    const used = (list: string[]) => [...new Set(list)].sort();
    const without = (list: string[]) => used(list.filter((name) => !connectors.includes(name)));
    expect(without(lines.flatMap(({ receivers }) => receivers))).toEqual(named(config.receivers));
    expect(without(lines.flatMap(({ exporters }) => exporters))).toEqual(named(config.exporters));
    expect(used(lines.flatMap(({ processors = [] }) => processors))).toEqual(named(config.processors));
    expect(used(extensions)).toEqual(named(config.extensions));
  });

  it('takes OTLP from other containers and keeps spans in a volume', () => {
    for (const { endpoint } of Object.values(config.receivers.otlp.protocols))
      expect(endpoint).toMatch(/^0\.0\.0\.0:/);
    expect(read('jaeger/jaeger.yaml')).toContain('keys: /badger/keys');
    expect(compose.services['jaeger']?.volumes).toContain('jaeger-data:/badger');
  });
});

it("Toxiproxy forwards the api's port to Postgres, and the api's address is Toxiproxy's", () => {
  const [proxy] = JSON.parse(read('postgres/toxiproxy.json')) as { listen: string; upstream: string }[];
  expect(proxy).toMatchObject({ name: 'postgres', listen: '0.0.0.0:5432', upstream: 'postgres:5432' });
  const { DATABASE_URL = '', MIGRATION_DATABASE_URL = '' } = compose.services['api']?.environment ?? {};
  expect(withDefaults(String(DATABASE_URL))).toMatch(/@toxiproxy:5432\/taskmanager$/);
  expect(withDefaults(String(MIGRATION_DATABASE_URL))).toMatch(/@postgres:5432\/taskmanager$/);
});
