/** The folders that are rendered: what they name is there. Where kubectl is found, they are rendered as well. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '@lab/manifest';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listedKustomizations } from '../src/file-lists.ts';
import { readManifests } from '../src/index.ts';
import type { KubernetesObject } from '../src/kubernetes-object.ts';
import { documentsOf } from '../src/read-folder.ts';

interface Kustomization {
  kind: string;
  resources?: string[];
  components?: string[];
  replicas?: { name: string }[];
  patches?: {
    path?: string;
    patch?: string;
    target?: { kind?: string; name?: string; labelSelector?: string };
  }[];
}

const objects = readManifests();
const files = globSync('kubernetes/{overlays,components}/*/kustomization.yaml', { cwd: ROOT }).sort();
const folders = files.map((file) => {
  const kustomization = parse(readFileSync(join(ROOT, file), 'utf8')) as Kustomization;
  return { folder: dirname(file), ...kustomization };
});

describe.each(folders)(
  '$folder',
  ({ folder, kind, resources = [], components = [], patches = [], replicas = [] }) => {
    it('is of the kind that its folder says', () => {
      expect(kind).toBe(folder.includes('/components/') ? 'Component' : 'Kustomization');
    });

    it('names files and folders that are there', () => {
      const paths = patches.flatMap(({ path }) => path ?? []);
      for (const path of [...resources, ...components, ...paths])
        expect(existsSync(join(ROOT, folder, path)), path).toBe(true);
    });

    it('changes what the base has', () => {
      for (const { name } of replicas) expect(objects.map(({ metadata }) => metadata.name)).toContain(name);
      for (const { target } of patches)
        if (target) expect(objects.filter((each) => isMeant(each, target))).not.toEqual([]);
      for (const { path, patch: text = '', target } of patches) {
        if (target) continue;
        const given = path === undefined ? text : readFileSync(join(ROOT, folder, path), 'utf8');
        for (const patch of documentsOf(given, path ?? folder)) {
          const object = objects.find(
            ({ kind: own, metadata }) =>
              own === patch.kind &&
              metadata.name === patch.metadata.name &&
              metadata.namespace === patch.metadata.namespace,
          );
          const names = object?.spec?.template?.spec.containers.map(({ name }) => name);
          for (const { name } of patch.spec?.template?.spec.containers ?? []) expect(names).toContain(name);
          expect(object, patch.metadata.name).toBeDefined();
        }
      }
    });
  },
);

describe('lists of files', () => {
  const lists = [...listedKustomizations(ROOT)];

  it.each(lists)('%s is up to date (npm run generate -w @lab/kubernetes)', (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
  });

  it('are made for rules, probes, dashboards and runbooks', () => {
    const made = lists.flatMap(([, text]) =>
      [...text.matchAll(/# <files (\S+)>/g)].map(([, pattern]) => pattern),
    );
    expect(made).toEqual(['*.md', 'dashboards/*.json', 'rules/*.yml', 'targets/kubernetes/probes/*.yml']);
  });

  it('leave room in each ConfigMap, which holds at most 1 MiB', () => {
    for (const { kind, metadata, data } of objects)
      if (kind === 'ConfigMap')
        expect(Buffer.byteLength(JSON.stringify(data)), metadata.name).toBeLessThan(0.9 * 1024 * 1024);
  });
});

const kubectl = ['kubectl'].find((program) => {
  try {
    return execFileSync(program, ['version', '--client'], { stdio: 'pipe' }).length > 0;
  } catch {
    return false; // Without it, `make test-kubernetes` renders them.
  }
});

describe.runIf(kubectl)('rendered', () => {
  const render = (folder: string) =>
    documentsOf(execFileSync('kubectl', ['kustomize', join(ROOT, folder)], { encoding: 'utf8' }), folder);

  it.each(['kubernetes/overlays/local', 'kubernetes/overlays/production', 'kubernetes/load'])(
    '%s marks everything as the lab’s',
    (folder) => {
      const rendered = render(folder);
      expect(rendered.length).toBeGreaterThan(2);
      for (const { kind, metadata } of rendered) {
        expect(metadata.labels?.['app.kubernetes.io/part-of'], `${kind} ${metadata.name}`).toBe(
          'observability-lab',
        );
      }
    },
  );

  it('overlays/local is the base', () => {
    const names = (all: readonly KubernetesObject[]) =>
      all.filter(({ kind }) => kind !== 'ConfigMap').map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const load = ['Job k6', 'NetworkPolicy k6'];
    expect([...names(render('kubernetes/overlays/local')), ...load].sort()).toEqual(names(objects).sort());
  });

  it('overlays/production has pairs, a cluster of three Alertmanagers, no faults, and autoscalers in the place of numbers', () => {
    const rendered = render('kubernetes/overlays/production');
    const workload = (name: string) =>
      rendered.find(({ spec, metadata }) => spec?.template && metadata.name === name)?.spec;
    const replicas = Object.fromEntries(
      rendered
        .filter(({ spec }) => spec?.template)
        .map(({ metadata, spec }) => [metadata.name, spec?.replicas]),
    );
    expect(replicas).toMatchObject({
      'taskmanager-worker': 2,
      'blackbox-exporter': 2,
      prometheus: 2,
      alertmanager: 3,
      'prometheus-adapter': 2,
      postgres: 1,
    });
    expect(replicas['taskmanager-backend']).toBeUndefined();
    expect(replicas['taskmanager-frontend']).toBeUndefined();
    expect(replicas).not.toHaveProperty('toxiproxy');
    expect(workload('alertmanager')?.template?.spec.containers[0]?.args).toEqual([
      '--config.file=/etc/alertmanager/config/alertmanager.yml',
      '--storage.path=/alertmanager',
      '--web.external-url=http://127.0.0.1:9093',
      '--cluster.listen-address=0.0.0.0:9094',
      '--data.maintenance-interval=10s',
      ...[0, 1, 2].map((each) => `--cluster.peer=alertmanager-${each}.alertmanager-peers:9094`),
    ]);
    for (const name of ['taskmanager-frontend', 'taskmanager-backend', 'taskmanager-worker'])
      expect(workload(name)?.template?.spec.containers[0]?.env).toContainEqual({
        name: 'FAULTS_ENABLED',
        value: 'false',
      });
    expect(JSON.stringify(workload('taskmanager-backend'))).not.toContain('toxiproxy');
  });
});

function isMeant(
  { kind, metadata }: KubernetesObject,
  target: { kind?: string; name?: string; labelSelector?: string },
): boolean {
  const whole = (pattern: string | undefined, text: string) =>
    new RegExp(`^(?:${pattern ?? '.*'})$`).test(text);
  const [key = '', value] = (target.labelSelector ?? '').split('=');
  return (
    whole(target.kind, kind) &&
    whole(target.name, metadata.name) &&
    (target.labelSelector === undefined || metadata.labels?.[key] === value)
  );
}
