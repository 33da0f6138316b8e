import { describe, expect, it } from 'vitest';
import { describePart, FROZEN, list, standingsOf } from '../../src/stack/kubernetes/pods.ts';
import type { Workload } from '../../src/stack/kubernetes/rendered.ts';

const api: Workload = {
  part: 'api',
  kind: 'Deployment',
  name: 'taskmanager-backend',
  namespace: 'taskmanager',
  replicas: 1,
  images: [],
  image: '',
};
const setup: Workload = { ...api, part: 'elasticsearch-setup', kind: 'Job', name: 'elasticsearch-setup' };

const labels = (part: string) => ({ 'app.kubernetes.io/name': part });
const deployment = (spec = {}, status = {}) => ({
  kind: 'Deployment',
  metadata: {
    name: api.name,
    namespace: api.namespace,
    uid: 'd',
    labels: labels('api'),
    creationTimestamp: '2026-11-29T05:00:00Z',
  },
  spec: { replicas: 1, ...spec },
  status,
});
const pod = (status = {}, metadata = {}) => ({
  kind: 'Pod',
  metadata: {
    name: 'taskmanager-backend-1-x',
    namespace: api.namespace,
    uid: 'p',
    labels: labels('api'),
    creationTimestamp: '2026-11-29T05:00:01Z',
    ownerReferences: [{ kind: 'ReplicaSet', name: 'taskmanager-backend-1' }],
    ...metadata,
  },
  spec: { nodeName: 'one' },
  status: { phase: 'Running', ...status },
});
const container = (more = {}) => ({
  name: 'api',
  ready: true,
  restartCount: 0,
  containerID: 'containerd://abc',
  ...more,
});
const isReady = { conditions: [{ type: 'Ready', status: 'True' }] };
const running = { state: { running: { startedAt: '2026-11-29T05:00:05Z' } } };

const describeItems = (items: readonly object[], workload = api) =>
  describePart(
    workload,
    standingsOf(list.parse({ items })).get(`${workload.kind} ${workload.namespace}/${workload.name}`),
  );

describe('the state of a part', () => {
  it('is ready when its pods are, with the start and the restarts of its containers', () => {
    const status = { ...isReady, containerStatuses: [container({ ...running, restartCount: 2 })] };
    expect(describeItems([deployment(), pod(status)])).toEqual({
      name: 'api',
      state: 'ready',
      since: '2026-11-29T05:00:05Z',
      restarts: 2,
      detail: undefined,
    });
  });

  it('is unknown where the cluster has no such workload', () => {
    expect(describeItems([])).toBeUndefined();
  });

  it('is stopped when no pods are wanted', () => {
    expect(describeItems([deployment({ replicas: 0 })])?.state).toBe('stopped');
  });

  it('is starting as long as a pod of two is missing or not ready, and says why', () => {
    const two = deployment({ replicas: 2 });
    const status = { ...isReady, containerStatuses: [container(running)] };
    expect(describeItems([two, pod(status)])).toMatchObject({
      state: 'starting',
      detail: '1 of 2 pods are there',
    });
    const notYet = pod({ containerStatuses: [container(running)] });
    expect(describeItems([deployment(), notYet])).toMatchObject({
      state: 'starting',
      detail: 'its readiness probe has not passed yet',
    });
  });

  it('is starting while its ready pods are those of before a change', () => {
    const status = { ...isReady, containerStatuses: [container(running)] };
    const changed = (of: object) => {
      const item = deployment({}, of);
      return describeItems([{ ...item, metadata: { ...item.metadata, generation: 2 } }, pod(status)]);
    };
    expect(changed({ observedGeneration: 1, updatedReplicas: 1 })).toMatchObject({
      state: 'starting',
      detail: 'the cluster has not taken note of it yet',
    });
    expect(changed({ observedGeneration: 2 })).toMatchObject({
      state: 'starting',
      detail: '0 of 1 pods are of the last change',
    });
    expect(changed({ observedGeneration: 2, updatedReplicas: 1 })?.state).toBe('ready');
  });

  it.each([
    ['ErrImagePull', 'failed', 'ErrImagePull: no such host'],
    ['ErrImageNeverPull', 'failed', 'ErrImageNeverPull: no such host'],
    ['CreateContainerConfigError', 'failed', 'CreateContainerConfigError: no such host'],
    ['ContainerCreating', 'starting', 'its readiness probe has not passed yet'],
  ])('with a container that waits for %s is %s', (reason, state, detail) => {
    const waiting = container({ state: { waiting: { reason, message: 'no such host\nand more' } } });
    expect(describeItems([deployment(), pod({ containerStatuses: [waiting] })])).toMatchObject({
      state,
      detail,
    });
  });

  it('is in back-off when its program ends again and again, and says how it ended', () => {
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    const ended = (terminated: object) =>
      describeItems([
        deployment(),
        pod({ containerStatuses: [container({ state, lastState: { terminated } })] }),
      ]);
    expect(ended({ exitCode: 2 })).toMatchObject({ state: 'back-off', detail: 'ended with 2' });
    expect(ended({ exitCode: 137, reason: 'OOMKilled' })).toMatchObject({
      detail: 'was killed for using more memory than its limit',
    });
  });

  it('is waiting when no node takes its pod', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }];
    expect(describeItems([deployment(), pod({ phase: 'Pending', conditions })])).toMatchObject({
      state: 'waiting',
      detail: '0/1 nodes are available',
    });
  });

  it('is failed when its pods are refused', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'violates PodSecurity' }];
    expect(describeItems([deployment({}, { conditions })])).toMatchObject({
      state: 'failed',
      detail: 'violates PodSecurity',
    });
  });

  it('is paused while the frozen container is the one that runs, and not once the kubelet started another', () => {
    const status = { ...isReady, containerStatuses: [container(running)] };
    const frozen = (id: string) =>
      describeItems([deployment(), pod(status, { annotations: { [FROZEN]: id } })]);
    expect(frozen('abc')?.state).toBe('paused');
    expect(frozen('before')?.state).toBe('ready');
  });

  it('takes no account of a pod that is going away, nor of one that an experiment made of the same image', () => {
    const status = { ...isReady, containerStatuses: [container(running)] };
    const leaving = pod(
      { containerStatuses: [container({ ready: false })] },
      { uid: 'old', deletionTimestamp: '2026-11-29T05:01:00Z' },
    );
    const canary = pod(
      { phase: 'Pending' },
      { uid: 'c', ownerReferences: [{ kind: 'Job', name: 'canary' }] },
    );
    expect(describeItems([deployment(), pod(status), leaving, canary])?.state).toBe('ready');
  });

  it('of a job is ready when it is done, and failed when it gave up', () => {
    const job = (type: string) => ({
      ...deployment({}, { conditions: [{ type, status: 'True', message: 'BackoffLimitExceeded' }] }),
      kind: 'Job',
      metadata: { ...deployment().metadata, name: setup.name, labels: labels(setup.part) },
    });
    expect(describeItems([job('Complete')], setup)?.state).toBe('ready');
    expect(describeItems([job('Failed')], setup)).toMatchObject({
      state: 'failed',
      detail: 'BackoffLimitExceeded',
    });
  });
});
