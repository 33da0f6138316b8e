/** The cluster by kind: Kubernetes in a container of this machine's Docker. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { CannotRun, describeError, makePrivateFolder, runCommand, until } from '@lab/cli/program';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { kubectl } from './kubectl.ts';
import { CONTEXT, type Layout } from './layout.ts';
import { LOG_ROTATION } from './node/configuration.ts';
import { writeRecord } from './record.ts';
import type { StartOptions } from './start-options.ts';

/** With a node image to pull. */
const CREATE_MS = 15 * 60_000;
const READY_MS = 3 * 60_000;
const LOAD_MS = 10 * 60_000;

/** Makes the cluster, or starts its container again. Returns once its nodes are ready. @throws CannotRun in kind's words. */
export async function startWithKind(layout: Layout, { progress, signal }: StartOptions): Promise<void> {
  await makePrivateFolder(layout.folder);
  await linkKubectl(layout);
  await writeRecord(layout, { way: 'kind' });
  const kind = (...args: string[]) => runCommand('kind', args, { timeoutMs: CREATE_MS, signal });
  try {
    if (await isThere(layout.name)) {
      await runCommand('docker', ['start', `${layout.name}-control-plane`], { signal });
      await kind('export', 'kubeconfig', '--name', layout.name, '--kubeconfig', layout.kubeconfig);
    } else {
      progress('making a cluster with kind');
      const configuration = join(layout.folder, 'kind.yaml');
      await writeFile(configuration, stringify(kindConfiguration()), { mode: 0o600 });
      const where = ['--name', layout.name, '--kubeconfig', layout.kubeconfig, '--config', configuration];
      await kind('create', 'cluster', ...where);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new CannotRun(`kind made no cluster: ${describeError(cause)}`, { cause });
  }
  await writeFile(layout.kubeconfig, nameContext(await readFile(layout.kubeconfig, 'utf8')), { mode: 0o600 });
  progress('waiting for the node');
  await until(
    'every node to be ready',
    () => kubectl(layout, ['wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=10s'], { signal }),
    { deadlineMs: READY_MS, everyMs: 500, signal },
  );
}

/** Does nothing where there is none. @returns whether there was one. */
export async function removeKind({ name }: Pick<Layout, 'name'>): Promise<boolean> {
  if (!(await isThere(name))) return false;
  await runCommand('kind', ['delete', 'cluster', '--name', name], { timeoutMs: CREATE_MS });
  return true;
}

/** Images that the node has in the same state are left alone by kind itself. @throws CannotRun in kind's words. */
export async function loadIntoKind(
  { name }: Pick<Layout, 'name'>,
  images: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await runCommand('kind', ['load', 'docker-image', '--name', name, ...images], {
    timeoutMs: LOAD_MS,
    signal,
  });
}

/** The node rotates the containers' logs as a node from packages does. */
export function kindConfiguration(): object {
  const kubelet = {
    kind: 'KubeletConfiguration',
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    ...LOG_ROTATION,
  };
  return {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: [{ role: 'control-plane', kubeadmConfigPatches: [stringify(kubelet)] }],
  };
}

const kubeconfigSchema = z.looseObject({
  contexts: z.tuple([z.looseObject({ name: z.string() })]),
  'current-context': z.string(),
});

/** The one context of the file under the name that the lab knows it by. */
export function nameContext(kubeconfig: string): string {
  const value = kubeconfigSchema.parse(parse(kubeconfig));
  value.contexts[0].name = CONTEXT;
  return stringify({ ...value, 'current-context': CONTEXT });
}

async function isThere(name: string): Promise<boolean> {
  const found = await runCommand('kind', ['get', 'clusters'], { timeoutMs: 10_000 }).catch(
    () => undefined, // There is no kind, or no Docker below it: so there is no cluster of its.
  );
  return found?.stdout.split('\n').includes(name) ?? false;
}

async function linkKubectl({ kubectl: link }: Layout): Promise<void> {
  if (existsSync(link)) return;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const program = folders.map((folder) => join(folder, 'kubectl')).find(existsSync);
  if (program === undefined)
    throw new CannotRun('kubectl is not on PATH: install it (https://kubernetes.io/docs/tasks/tools)');
  await mkdir(dirname(link), { recursive: true, mode: 0o700 });
  await symlink(program, link);
}
