/** Prometheus finds in the cluster what it is told of in the other modes: prometheus/kubernetes.yml, tried on the pods of the manifests. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, ROOT, readManifest } from '@lab/manifest';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addressesFrom } from '../src/compare/compare.ts';
import { readManifests } from '../src/index.ts';
import { containersOf, type PlacedContainer } from '../src/placed-container.ts';
import { type Labels, relabel, type Step } from './support/relabel.ts';

interface Discovery {
  role: string;
  namespaces?: { names?: string[]; own_namespace?: boolean };
}
interface ScrapeJob {
  job_name: string;
  kubernetes_sd_configs?: Discovery[];
  relabel_configs?: Step[];
}
interface Configuration {
  global: Record<string, unknown>;
  rule_files: string[];
  storage: unknown;
  alerting: { alertmanagers: ScrapeJob[]; alert_relabel_configs: Step[] };
  scrape_configs: ScrapeJob[];
}

const read = (name: string) =>
  parse(readFileSync(join(ROOT, 'prometheus', name), 'utf8'), { merge: true }) as Configuration;
const configuration = read('kubernetes.yml');
const manifest: Manifest = readManifest();
const containers = containersOf(readManifests()).filter(({ init }) => !init);
const OWN_NAMESPACE = 'monitoring';
/** Scraped without being a part of compose.yaml, or in another way. */
const BESIDE_THE_PARTS = ['kube-state-metrics'];

describe('kubernetes.yml', () => {
  it('has the rules, intervals and exemplars of prometheus.yml', () => {
    const other = read('prometheus.yml');
    expect(configuration.global).toMatchObject(other.global);
    expect(configuration.rule_files).toEqual(other.rule_files);
    expect(configuration.storage).toEqual(other.storage);
  });

  it('scrapes each part under the job and on the port of compose.yaml, once', () => {
    const scraped = targets().filter(({ job_name }) => job_name !== 'blackbox-pods');
    const found = scraped.map(
      ({ labels, part }) => `${part} ${labels['job']} ${portOf(labels['__address__'])}`,
    );
    const wanted = manifest.parts
      .filter(({ name }) => containers.some(({ container }) => container.name === name))
      .flatMap(({ name, scrapes }) => scrapes.map(({ job, port }) => `${name} ${job} ${port}`));
    const known = found.filter((line) => !BESIDE_THE_PARTS.some((name) => line.startsWith(`${name} `)));
    expect(known.sort()).toEqual(wanted.sort());
    expect(found).toContain('kube-state-metrics kube-state-metrics 8080');
  });

  it('finds the API by label app and port name http, and asks its management port', () => {
    const backend = targets().find(({ job_name }) => job_name === 'taskmanager-backend');
    expect(backend?.labels).toMatchObject({
      __meta_kubernetes_pod_container_port_name: 'http',
      __address__: '10.0.0.1:9464',
      instance: 'api-pod:9464',
      kubernetes_namespace: 'taskmanager',
      kubernetes_pod_name: 'api-pod',
      kubernetes_node: 'a-node',
    });
  });

  it('gives every target of a pod an instance, a namespace and a pod', () => {
    for (const { labels, job_name } of targets()) {
      expect(labels['instance'], job_name).toMatch(/^[a-z-]+:\d+$/);
      if (job_name === 'kube-state-metrics') continue;
      expect(labels).toMatchObject({ kubernetes_pod_name: expect.stringMatching(/-pod$/) });
      expect(labels['kubernetes_namespace']).toMatch(/^(taskmanager|monitoring|node-agents)$/);
    }
  });

  it('forgets a pod that has ended', () => {
    for (const phase of ['Succeeded', 'Failed']) expect(targets(phase)).toEqual([]);
  });

  it('asks each application’s pod whether it is ready, under the names of the other modes', () => {
    const asked = targets()
      .filter(({ job_name }) => job_name === 'blackbox-pods')
      .map(({ labels }) => [
        labels['job'],
        labels['target_name'],
        labels['__param_target'],
        labels['__address__'],
      ]);
    const wanted = manifest.parts
      .filter(({ application }) => application)
      .map(({ name, managementPort }) => [
        'blackbox',
        `${name}-ready`,
        `http://10.0.0.1:${managementPort}/readyz`,
        'blackbox-exporter:9115',
      ]);
    expect(asked.sort()).toEqual(wanted.sort());
  });

  it('adds external labels that no alert keeps', () => {
    const labels = Object.keys(configuration.global['external_labels'] as Labels);
    expect(labels).toEqual(['console', 'prometheus_replica']);
    const [drop] = configuration.alerting.alert_relabel_configs;
    expect(drop?.action).toBe('labeldrop');
    for (const label of labels) expect(label).toMatch(new RegExp(`^(?:${drop?.regex})$`));
  });

  it('sends alerts to every Alertmanager', () => {
    const found = configuration.alerting.alertmanagers.flatMap((job) => targetsOf(job, 'Running'));
    expect(found.map(({ labels }) => labels['__address__'])).toEqual(['10.0.0.1:9093']);
  });
});

it('looks from outside at what compose.yaml has looked at, with the namespace in each address', () => {
  const files = globSync('targets/kubernetes/probes/*.yml', { cwd: join(ROOT, 'prometheus') });
  const groups = files.flatMap(
    (file) => read(file) as unknown as { targets: string[]; labels: Record<string, string> }[],
  );
  const placed = manifest.parts.flatMap((part) => {
    const found = containers.find(({ container }) => container.name === part.name);
    return found ? [{ part, placed: found }] : [];
  });
  const address = addressesFrom(OWN_NAMESPACE, placed);
  const wanted = manifest.parts.flatMap(({ name, probes }) =>
    probes
      .filter((probe) => probe.name !== `${name}-ready`)
      .map((probe) => ({
        targets: [address(probe.target)],
        labels: {
          target_name: probe.name,
          __param_module: probe.module,
          __exporter__: 'blackbox-exporter:9115',
        },
      })),
  );
  const byName = (one: { labels: { target_name?: string } }, other: { labels: { target_name?: string } }) =>
    String(one.labels.target_name).localeCompare(String(other.labels.target_name));
  expect(groups.sort(byName)).toEqual(wanted.sort(byName));
});

interface Target {
  job_name: string;
  part: string;
  labels: Labels;
}

function targets(phase = 'Running'): Target[] {
  return configuration.scrape_configs.flatMap((job) => targetsOf(job, phase));
}

/** Returns the targets that a job makes of the pods of the manifests. */
function targetsOf(job: ScrapeJob, phase: string): Target[] {
  const discoveries = (job.kubernetes_sd_configs ?? []).filter(({ role }) => role === 'pod');
  return discoveries.flatMap(({ namespaces = {} }) => {
    const names = namespaces.own_namespace ? [OWN_NAMESPACE] : (namespaces.names ?? []);
    return containers
      .filter(({ namespace }) => names.includes(namespace))
      .flatMap((placed) => endpointsOf(placed, phase))
      .flatMap(({ part, labels }) => {
        const kept = relabel({ job: job.job_name, ...labels }, job.relabel_configs ?? []);
        return kept ? [{ job_name: job.job_name, part, labels: kept }] : [];
      });
  });
}

/** Returns what Prometheus' pod discovery knows of each port of a container. */
function endpointsOf({ container, namespace, workload }: PlacedContainer, phase: string) {
  const labels = Object.entries(workload.spec?.template?.metadata?.labels ?? {}).map(([key, value]) => [
    `__meta_kubernetes_pod_label_${key.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`,
    value,
  ]);
  return (container.ports ?? []).map(({ name, containerPort }) => ({
    part: container.name,
    labels: {
      ...Object.fromEntries(labels),
      __address__: `10.0.0.1:${containerPort}`,
      __meta_kubernetes_namespace: namespace,
      __meta_kubernetes_pod_ip: '10.0.0.1',
      __meta_kubernetes_pod_name: `${container.name}-pod`,
      __meta_kubernetes_pod_node_name: 'a-node',
      __meta_kubernetes_pod_phase: phase,
      __meta_kubernetes_pod_container_port_name: name,
      __meta_kubernetes_pod_container_port_number: String(containerPort),
    },
  }));
}

function portOf(address = ''): string {
  return address.split(':').at(-1) ?? '';
}
