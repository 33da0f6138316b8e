import { ROOT } from '@lab/manifest';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeScaled } from '../../src/chaos/target/scaled-configuration.ts';
import { labPaths } from '../../src/settings/paths.ts';
import { settingsFrom } from '../../src/settings/settings.ts';
import { SECRET_NAMES } from '../../src/settings/variables.ts';
import {
  changedConfigMaps,
  mountedAt,
  readerOf,
  withConfiguration,
} from '../../src/stack/kubernetes/configuration.ts';
import { k6Objects } from '../../src/stack/kubernetes/k6-objects.ts';
import { objectsOf } from '../../src/stack/kubernetes/rendered.ts';
import { fakeKubectl } from './fake-kubectl.ts';

const secrets = Object.fromEntries(SECRET_NAMES.map((name) => [name, `${name}-0123456789abcdef`]));
const settings = settingsFrom({ ...secrets, CONSOLE_PORT: '18123' });
const paths = labPaths();

const OBJECTS = objectsOf(`
apiVersion: v1
kind: ConfigMap
metadata: { name: prometheus-config, namespace: monitoring }
data:
  prometheus.yml: |
    global: { scrape_interval: 5s, scrape_timeout: 4s, evaluation_interval: 5s, external_labels: { replica: one } }
    scrape_configs: [{ job_name: pods, kubernetes_sd_configs: [{ role: pod }] }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: prometheus-rules, namespace: monitoring }
data: { old.yml: "groups: []" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: alertmanager-config, namespace: monitoring }
data: { alertmanager.yml: "" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: runbooks, namespace: monitoring }
data: { ApiDown.md: "as it is" }
`);

const LABELS = { replica: 'one', console: 'http://127.0.0.1:18123' };

const configured = (options = {}) => {
  const objects = withConfiguration(OBJECTS, paths, settings, options);
  return (name: string) => objects.find(({ metadata }) => metadata.name === name)?.data ?? {};
};

describe('the ConfigMaps', () => {
  it("hold the checkout's rules and the cluster's own scrape configuration, which links alerts to this lab's console", () => {
    const data = configured();
    expect(Object.keys(data('prometheus-rules'))).toContain('api.yml');
    expect(data('prometheus-rules')['old.yml']).toBeUndefined();
    const { global, scrape_configs: jobs } = parse(data('prometheus-config')['prometheus.yml'] ?? '');
    expect(global).toMatchObject({ scrape_interval: '5s', external_labels: LABELS });
    expect(jobs).toEqual([{ job_name: 'pods', kubernetes_sd_configs: [{ role: 'pod' }] }]);
    expect(data('alertmanager-config')['alertmanager.yml']).toContain('receiver: slack-alerts');
    expect(data('runbooks')).toEqual({ 'ApiDown.md': 'as it is' });
  });

  it('run as fast as other folders say, and discover what the cluster has', async () => {
    await using folder = await temporaryFolder();
    const sources = await writeScaled({ root: ROOT, folder: `${folder.path}/scaled`, speed: 10 });
    const data = configured(sources);
    const { global, scrape_configs: jobs } = parse(data('prometheus-config')['prometheus.yml'] ?? '');
    expect(global).toMatchObject({
      scrape_interval: '1s',
      evaluation_interval: '1s',
      external_labels: LABELS,
    });
    expect(jobs).toEqual([{ job_name: 'pods', kubernetes_sd_configs: [{ role: 'pod' }] }]);
    expect(data('alertmanager-config')['alertmanager.yml']).toContain('group_wait: 3s');
  });

  it('are spoiled where an experiment says so, and YAML no longer', () => {
    const data = configured({ spoiled: true });
    for (const text of [
      data('prometheus-config')['prometheus.yml'],
      data('alertmanager-config')['alertmanager.yml'],
    ])
      expect(() => parse(text ?? '')).toThrow();
  });

  it('are read by Prometheus and Alertmanager alone', () => {
    expect(OBJECTS.map(readerOf)).toEqual(['prometheus', 'prometheus', 'alertmanager', undefined]);
  });

  it('count as changed where the cluster has other data or none', async () => {
    const [config, rules] = OBJECTS;
    const items = [{ metadata: { name: config?.metadata.name }, data: config?.data }];
    const other = [
      ...items,
      { metadata: { name: rules?.metadata.name }, data: { 'old.yml': 'groups: [1]' } },
    ];
    const changed = async (there: object[]) => {
      await using fake = await fakeKubectl([{ to: 'get configmaps', stdout: { items: there } }]);
      return (await changedConfigMaps(fake.kubectl, OBJECTS)).map(({ metadata }) => metadata.name);
    };
    expect(await changed(items)).toEqual(['prometheus-rules', 'alertmanager-config']);
    expect(await changed(other)).toEqual(['prometheus-rules', 'alertmanager-config']);
  });
});

it('finds the folders in which a container has its ConfigMaps', () => {
  const [workload] = objectsOf(`
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: prometheus }
spec:
  template:
    spec:
      containers:
        - name: prometheus
          image: prom/prometheus
          volumeMounts:
            - { name: config, mountPath: /etc/prometheus }
            - { name: rules, mountPath: /etc/prometheus/rules }
            - { name: data, mountPath: /prometheus }
      volumes:
        - { name: config, configMap: { name: prometheus-config } }
        - { name: rules, configMap: { name: prometheus-rules } }
        - { name: unused, configMap: { name: unused } }
`);
  if (!workload) throw new Error('expected an object');
  expect([...mountedAt(workload, 'prometheus')]).toEqual([
    ['prometheus-config', '/etc/prometheus'],
    ['prometheus-rules', '/etc/prometheus/rules'],
  ]);
});

it('tells the Job of k6 by a Secret what to do, under a name of its own', () => {
  const rendered = objectsOf(`
apiVersion: batch/v1
kind: Job
metadata: { name: k6, namespace: taskmanager }
spec: { backoffLimit: 0, template: { spec: { containers: [{ name: k6, image: grafana/k6, args: [version] }] } } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: loadtests, namespace: taskmanager }
data: { load.ts: "" }
`);
  const run = { name: 'k6-17', variables: { LOAD_PLAN: '{"cookie":"secret"}' }, args: ['run', 'load.ts'] };
  const [secret, job, scripts] = k6Objects(rendered, run);
  expect(secret).toMatchObject({
    kind: 'Secret',
    metadata: { name: 'k6-17', namespace: 'taskmanager' },
    stringData: run.variables,
  });
  expect(job?.metadata.name).toBe('k6-17');
  expect(job?.spec).toMatchObject({
    backoffLimit: 0,
    template: {
      spec: { containers: [{ args: ['run', 'load.ts'], envFrom: [{ secretRef: { name: 'k6-17' } }] }] },
    },
  });
  expect(JSON.stringify(job)).not.toContain('cookie');
  expect(scripts?.metadata.name).toBe('loadtests');
});
