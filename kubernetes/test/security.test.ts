/** A pod may do nothing beyond what it needs. The cluster enforces Pod Security `restricted`; here the manifests are read. */
import { isPinned } from '@lab/manifest';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../src/index.ts';
import { containersOf } from '../src/placed-container.ts';

const objects = readManifests();
const workloads = objects.filter(({ spec }) => spec?.template !== undefined);
const containers = containersOf(objects);
const RESTRICTED = ['taskmanager', 'monitoring'];
/** They ask the API server. */
const WITH_TOKEN = ['prometheus', 'kube-state-metrics', 'fluentd'];
/** Each has the reason beside it. */
const WRITABLE_ROOT = ['elasticsearch', 'kibana'];
const ROOT_USER = ['fluentd'];
const HOST_PATHS = { fluentd: ['/var/lib/observability-lab/fluentd', '/var/log'], 'node-exporter': ['/'] };

describe.each(workloads.map((workload) => ({ name: workload.metadata.name, workload })))(
  '$name',
  ({ name, workload }) => {
    const pod = workload.spec?.template?.spec;

    it('gets a token only where it asks the API server, and no variables of Services', () => {
      expect(pod?.automountServiceAccountToken).toBe(WITH_TOKEN.includes(name));
      expect(pod?.serviceAccountName).toBe(WITH_TOKEN.includes(name) ? name : undefined);
      expect(pod?.enableServiceLinks).toBe(false);
    });

    it('reaches nothing of the node but what it is there for', () => {
      const paths = (pod?.volumes ?? []).flatMap(({ hostPath }) => hostPath?.path ?? []);
      expect(paths.sort()).toEqual(name in HOST_PATHS ? HOST_PATHS[name as keyof typeof HOST_PATHS] : []);
      expect(pod?.hostNetwork).toBeUndefined();
      expect(pod?.hostPID).toBe(name === 'node-exporter' ? true : undefined);
      if (paths.length > 0) expect(workload.metadata.namespace).toBe('node-agents');
    });

    it('says by its labels what it is', () => {
      const labels = workload.spec?.template?.metadata?.labels;
      expect(labels?.['app']).toBe(name);
      expect(labels?.['app.kubernetes.io/name']).toBe(
        containers.find((each) => each.workload === workload && !each.init)?.container.name,
      );
      expect(workload.metadata.labels).toMatchObject(labels ?? {});
    });
  },
);

describe.each(containers.map((placed) => ({ name: placed.container.name, ...placed })))(
  'container $name',
  ({ name, container, init, pod, namespace, workload }) => {
    const runAs = { ...pod.securityContext, ...container.securityContext };

    it('has no privilege', () => {
      expect(runAs.allowPrivilegeEscalation).toBe(false);
      expect(runAs.capabilities).toEqual({ drop: ['ALL'] });
      expect(runAs.seccompProfile).toEqual({ type: 'RuntimeDefault' });
      expect(runAs.readOnlyRootFilesystem).toBe(!WRITABLE_ROOT.includes(name));
      if (ROOT_USER.includes(name)) {
        expect(namespace).toBe('node-agents');
        return;
      }
      expect(runAs.runAsNonRoot).toBe(true);
      expect(runAs.runAsUser).toBeGreaterThan(0);
    });

    it('asks for the memory that it may use, for some processor time, and is limited in both', () => {
      const { requests, limits } = container.resources ?? {};
      expect(limits?.['memory']).toMatch(/^\d+Mi$/);
      expect(requests?.['memory']).toBe(limits?.['memory']);
      expect(limits?.['cpu']).toBeDefined();
      expect(requests?.['cpu']).toMatch(/^\d+m$/);
    });

    it('has an image of a full version that is not asked for where it is there', () => {
      expect(container.image).toSatisfy(isPinned);
      expect(container.imagePullPolicy).toBe('IfNotPresent');
    });

    it('says how it is: started, ready, alive; and never on a port for users where it has another', () => {
      if (init || workload.kind === 'Job' || name === 'kibana-setup') return;
      for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
        expect(probe).toBeDefined();
        const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
        const names = (container.ports ?? []).map((each) => each.name);
        if (port !== undefined) expect(names).toContain(port);
        if (names.includes('metrics') && names.includes('http') && probe?.httpGet)
          expect(port).not.toBe('http');
      }
    });
  },
);

it('enforces Pod Security restricted in every namespace but the one of the agents', () => {
  const levels = objects
    .filter(({ kind }) => kind === 'Namespace')
    .map(({ metadata }) => [metadata.name, metadata.labels?.['pod-security.kubernetes.io/enforce']]);
  expect(Object.fromEntries(levels)).toEqual({
    ...Object.fromEntries(RESTRICTED.map((name) => [name, 'restricted'])),
    'node-agents': 'privileged',
  });
});

it('lets those that serve people end without losing a request', () => {
  for (const name of ['web', 'api']) {
    const placed = containers.find(({ container }) => container.name === name);
    const wait = placed?.container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    expect(wait).toBeGreaterThanOrEqual(5);
    // After the wait the program has its ten seconds (SHUTDOWN_DRAIN_SECONDS), and some to spare.
    expect(placed?.pod.terminationGracePeriodSeconds).toBeGreaterThan(wait + 10);
  }
});

it('gives rights to read some kinds of objects, never to write, and no Secret', () => {
  const rules = objects.flatMap(({ kind, rules = [] }) => (/Role$/.test(kind) ? rules : []));
  expect(rules.length).toBeGreaterThan(0);
  for (const { verbs, resources, apiGroups } of rules) {
    expect(['get', 'list', 'watch']).toEqual(expect.arrayContaining(verbs));
    for (const resource of [...resources, ...apiGroups])
      expect(resource).not.toMatch(/\*|^(secrets|configmaps)$/);
  }
});

it('binds only to the whole cluster what belongs to no namespace', () => {
  const bound = objects
    .filter(({ kind }) => kind === 'ClusterRoleBinding')
    .map(({ roleRef }) => roleRef?.name);
  for (const name of bound) {
    const role = objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === name);
    for (const { resources } of role?.rules ?? [])
      for (const resource of resources) expect(resource).toMatch(/^nodes(\/metrics)?$/);
  }
});
