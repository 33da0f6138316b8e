import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { bringImages, sourceOf, withImageIds } from '../../src/stack/kubernetes/images.ts';
import { Kubectl } from '../../src/stack/kubernetes/kubectl.ts';
import { objectsOf } from '../../src/stack/kubernetes/rendered.ts';
import { fakeKubectl } from './fake-kubectl.ts';

const connection = (context: string, kubeconfig?: string) => ({ kubectl: 'kubectl', kubeconfig, context });
const path = process.env['PATH'] ?? '';
afterEach(() => {
  process.env['PATH'] = path;
});

/** Puts programs of these names first on PATH, which say this and end with this status. */
async function programs(said: Record<string, { stdout?: string; exitCode?: number }>) {
  const folder = await temporaryFolder();
  for (const [name, { stdout = '', exitCode = 0 }] of Object.entries(said)) {
    const file = join(folder.path, name);
    await writeFile(
      file,
      `#!/bin/sh\necho "$@" >> ${folder.path}/calls\nprintf '%s' '${stdout}'\nexit ${exitCode}\n`,
    );
    await chmod(file, 0o755);
  }
  process.env['PATH'] = `${folder.path}${delimiter}${path}`;
  return folder;
}

it.each([
  [connection('observability-lab', '/lab/kubeconfig'), 'own'],
  [connection('observability-lab'), 'registry'],
  [connection('kind-lab'), 'kind'],
  [connection('k3d-lab'), 'k3d'],
  [connection('docker-desktop'), 'engine'],
  [connection('minikube'), 'registry'],
  [connection('production'), 'registry'],
])('%j takes its images from %s', (from, source) => {
  expect(sourceOf(from)).toBe(source);
});

describe('the images of a local cluster', () => {
  const options = { progress: () => undefined, signal: new AbortController().signal };

  it('that is of `make cluster` come from Docker; one that is in neither is named with its cure', async () => {
    await using _folder = await programs({ docker: { stdout: 'web:1\nother:2\n' } });
    const nodes = { items: [{ status: { images: [{ names: ['docker.io/library/there:3'] }] } }] };
    await using fake = await fakeKubectl([{ to: 'get nodes', stdout: nodes }]);
    const kubectl = new Kubectl({
      ...connection('observability-lab', '/lab/kubeconfig'),
      kubectl: fake.file,
    });
    const brought: string[][] = [];
    const own = async (images: readonly string[]) => void brought.push([...images]);
    await bringImages(kubectl, ['web:1', 'there:3', 'web:1'], own, options);
    expect(brought).toEqual([['web:1']]);
    await expect(bringImages(kubectl, ['web:1', 'nowhere:4'], own, options)).rejects.toThrow(
      /nowhere:4 are neither in the cluster nor in Docker; nothing was applied: `docker pull`.*`make images`/,
    );
  });

  it('need an engine that answers', async () => {
    await using _folder = await programs({ docker: { exitCode: 1 } });
    const kubectl = new Kubectl(connection('kind-lab'));
    await expect(bringImages(kubectl, ['web:1'], async () => undefined, options)).rejects.toThrow(
      /kind-lab takes its images from Docker, and no container engine answers: start Docker/,
    );
  });

  it('are asked of nobody where the cluster has a registry', async () => {
    await using _folder = await programs({ docker: { exitCode: 1 } });
    const own = () => Promise.reject(new Error('asked'));
    await bringImages(new Kubectl(connection('production')), ['web:1'], own, options);
  });
});

it('are noted on the pods that run them, so that one built anew under its name rolls them', async () => {
  const objects = objectsOf(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: "web:1" }] } } }
`);
  const noteOf = async (id: string, context = 'kind-lab') => {
    await using _folder = await programs({ docker: { stdout: `web:1 ${id}\n` } });
    const [object] = await withImageIds(objects, connection(context));
    expect(object?.spec?.template?.metadata).toMatchObject({ labels: { app: 'web' } });
    return object?.spec?.template?.metadata?.annotations?.['observability-lab/images'];
  };
  const before = await noteOf('sha256:one');
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  expect(await noteOf('sha256:one')).toBe(before);
  expect(await noteOf('sha256:two')).not.toBe(before);
  // There the registry's tag is all that is known.
  expect(await noteOf('sha256:one', 'production')).toBeUndefined();
});
