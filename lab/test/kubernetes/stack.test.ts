import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { CannotRun } from '../../src/cli/failure.ts';
import { labPaths } from '../../src/settings/paths.ts';
import { settingsFrom } from '../../src/settings/settings.ts';
import { SECRET_NAMES } from '../../src/settings/variables.ts';
import { readNote, removeNote, writeNote } from '../../src/stack/kubernetes/note.ts';
import { FROZEN } from '../../src/stack/kubernetes/pods.ts';
import { KubernetesStack } from '../../src/stack/kubernetes/stack.ts';
import { isUp } from '../../src/stack/stack.ts';
import { type Answer, type FakeKubectl, fakeKubectl } from './fake-kubectl.ts';

const secrets = Object.fromEntries(SECRET_NAMES.map((name) => [name, `${name}-0123456789abcdef`]));
const settings = settingsFrom(secrets);

const RENDERED = `
apiVersion: v1
kind: Namespace
metadata: { name: taskmanager }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: taskmanager-backend, namespace: taskmanager, labels: { app.kubernetes.io/name: api } }
spec: { replicas: 1, template: { spec: { containers: [{ name: api, image: taskmanager-api }] } } }
`;

const labels = { 'app.kubernetes.io/name': 'api' };
const metadata = (name: string, more = {}) => ({
  name,
  namespace: 'taskmanager',
  uid: name,
  labels,
  creationTimestamp: '2026-11-29T05:00:00Z',
  ...more,
});
const running = (annotations = {}) => ({
  items: [
    { kind: 'Deployment', metadata: metadata('taskmanager-backend'), spec: { replicas: 1 } },
    {
      kind: 'Pod',
      metadata: metadata('api-1', {
        annotations,
        ownerReferences: [{ kind: 'ReplicaSet', name: 'taskmanager-backend-1' }],
      }),
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [
          {
            name: 'api',
            ready: true,
            restartCount: 0,
            containerID: 'containerd://abc',
            state: { running: { startedAt: '2026-11-29T05:00:05Z' } },
          },
        ],
      },
    },
  ],
});

interface Opened extends AsyncDisposable {
  fake: FakeKubectl;
  stack: KubernetesStack;
  paths: ReturnType<typeof labPaths>;
}

/** @param noted whether the lab was started in the cluster. */
async function opened(answers: readonly Answer[] = [], noted = true): Promise<Opened> {
  const folder = await temporaryFolder();
  const fake = await fakeKubectl([
    ...answers,
    { to: 'current-context', stdout: 'kind-lab' },
    { to: 'config view', stdout: { clusters: [{ cluster: { server: 'https://127.0.0.1:1' } }] } },
    { to: 'kustomize', stdout: RENDERED },
    { to: 'get deployments,statefulsets,daemonsets,jobs,pods', stdout: running() },
  ]);
  const paths = labPaths({ LAB_STATE_DIR: folder.path });
  const note = {
    connection: fake.kubectl.connection,
    server: 'https://127.0.0.1:1',
    leftOut: [],
    forwards: [],
  };
  await writeNote(paths, note);
  const stack = await KubernetesStack.open(paths, settings);
  if (!noted) await removeNote(paths);
  return {
    fake,
    stack,
    paths,
    async [Symbol.asyncDispose]() {
      await fake[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** What kubectl was told to do, without the questions. */
async function told({ fake }: Opened): Promise<string[]> {
  const calls = await fake.calls();
  return calls.map(({ args }) => args).filter((args) => !/^(config|kustomize|get) /.test(args));
}

describe('the lab in a cluster', () => {
  it('has the parts of the overlay, and is up while they are', async () => {
    await using lab = await opened();
    expect(lab.stack.parts).toEqual(['api']);
    expect(lab.stack.traits).toMatchObject({ mode: 'kubernetes', lateStopMs: 0, logFolder: undefined });
    expect(await isUp(lab.stack)).toBe(true);
    expect(await lab.stack.status({ memory: false })).toMatchObject([
      { name: 'api', state: 'ready', url: 'http://127.0.0.1:3001' },
    ]);
  });

  it('is not looked for, and not ended, in a cluster in which it was not started', async () => {
    await using lab = await opened([], false);
    expect(await lab.stack.status()).toEqual([]);
    await lab.stack.stop(() => undefined, { remove: true });
    expect(await told(lab)).toEqual([]);
  });

  it('is ended without its claims by `down`, and with everything of its label by `clean`', async () => {
    await using lab = await opened([{ to: 'get pods --output name', stdout: '' }]);
    await lab.stack.stop(() => undefined);
    expect(await told(lab)).toEqual([
      'delete deployments,statefulsets,daemonsets,jobs,horizontalpodautoscalers --namespace taskmanager --selector app.kubernetes.io/part-of=observability-lab --ignore-not-found --cascade=foreground',
    ]);
    expect(await readNote(lab.paths)).toBeDefined();
    await lab.stack.stop(() => undefined, { remove: true });
    expect((await told(lab)).at(-1)).toBe(
      'delete namespace --selector app.kubernetes.io/part-of=observability-lab --ignore-not-found',
    );
    expect(await readNote(lab.paths)).toBeUndefined();
  });

  it('is up in one context at a time', async () => {
    await using lab = await opened();
    const other = settingsFrom({ ...secrets, CONTEXT: 'kind-other' });
    await expect(KubernetesStack.open(lab.paths, other)).rejects.toThrow(
      /is up in the context kind-lab: `make down` first/,
    );
  });

  it('says in one sentence that its cluster does not answer', async () => {
    await using lab = await opened([
      { to: 'get deployments,statefulsets', stderr: 'no route to host', exitCode: 1 },
      { to: '/readyz', stderr: 'no route to host', exitCode: 1 },
    ]);
    await expect(lab.stack.status()).rejects.toThrow(CannotRun);
    await expect(lab.stack.status()).rejects.toThrow(/context kind-lab does not answer \(no route to host\)/);
  });

  it('keeps its note to its owner, and no secret in it', async () => {
    await using lab = await opened();
    const text = await readFile(join(lab.paths.run, 'kubernetes.json'), 'utf8');
    for (const value of Object.values(secrets)) expect(text).not.toContain(value);
  });
});

describe('a part', () => {
  it('is stopped and started by its number of pods', async () => {
    await using lab = await opened();
    await lab.stack.act('api', 'stop');
    await lab.stack.act('api', 'start');
    expect(await told(lab)).toEqual([
      'scale --replicas=0 --namespace taskmanager deployment/taskmanager-backend',
      'scale --replicas=1 --namespace taskmanager deployment/taskmanager-backend',
    ]);
  });

  it('is killed by a signal, without its pod going', async () => {
    await using lab = await opened();
    await lab.stack.act('api', 'kill');
    expect(await told(lab)).toEqual([
      'exec --namespace taskmanager api-1 --container api -- sh -c kill -KILL -1',
    ]);
  });

  it('loses its pod where its image has no shell to send one', async () => {
    await using lab = await opened([{ to: 'exec', stderr: 'sh: not found', exitCode: 127 }]);
    await lab.stack.act('api', 'kill');
    expect((await told(lab)).at(-1)).toBe(
      'delete pod --namespace taskmanager --grace-period=0 --force --wait=false api-1',
    );
    await expect(lab.stack.act('api', 'pause')).rejects.toThrow('its image has no shell');
  });

  it('is frozen with a note of the container, and let go without it', async () => {
    await using lab = await opened();
    await lab.stack.act('api', 'pause');
    expect(await told(lab)).toEqual([
      'exec --namespace taskmanager api-1 --container api -- sh -c kill -STOP -1',
      `annotate pod api-1 --namespace taskmanager --overwrite ${FROZEN}=abc`,
    ]);
  });

  it('is let go where it is frozen, and else left alone', async () => {
    await using calm = await opened();
    await calm.stack.act('api', 'resume');
    expect(await told(calm)).toEqual([]);
    const frozen = { to: 'get deployments,statefulsets,daemonsets', stdout: running({ [FROZEN]: 'abc' }) };
    await using lab = await opened([frozen]);
    await lab.stack.act('api', 'resume');
    expect(await told(lab)).toEqual([
      'exec --namespace taskmanager api-1 --container api -- sh -c kill -CONT -1',
      `annotate pod api-1 --namespace taskmanager --overwrite ${FROZEN}-`,
    ]);
  });

  it('has to be one of the lab', async () => {
    await using lab = await opened();
    await expect(lab.stack.act('wbe', 'stop')).rejects.toThrow(
      'wbe is no part of the lab: expected one of api',
    );
  });
});
