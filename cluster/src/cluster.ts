/** This lab's cluster, whichever way it is made. */
import { constants, existsSync } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { CannotRun } from '@lab/cli/program';
import { chooseWay } from './choose-way.ts';
import { startFromPackages } from './from-packages.ts';
import { importFromDocker } from './images/import-images.ts';
import { loadIntoKind, removeKind, startWithKind } from './kind.ts';
import type { Layout } from './layout.ts';
import { isRoot } from './machine/root.ts';
import { findNode } from './node/find-node.ts';
import { hasNode, removeNode } from './node/remove-node.ts';
import { readRecord } from './record.ts';
import type { StartOptions } from './start-options.ts';

/** @throws CannotRun where the cluster's folder is another user's: root's, of a cluster from packages. */
export async function requireOwn({ folder }: Pick<Layout, 'folder'>): Promise<void> {
  if (!existsSync(folder)) return;
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw new CannotRun(`${folder} belongs to another user: run this command with sudo`, { cause });
  });
}

/** Makes the cluster, or what of it does not run. @throws CannotRun saying what this machine lacks, with the cure. */
export async function startCluster(layout: Layout, options: StartOptions): Promise<void> {
  const made = await readRecord(layout);
  const decision = made ? undefined : await chooseWay();
  if (decision) options.progress(`a cluster ${decision.because}`);
  const start = (made ?? decision)?.way === 'kind' ? startWithKind : startFromPackages;
  await start(layout, options);
}

/** Takes away whatever there is of it, however it was made and whether or not its note is there. @returns whether it ran. @throws CannotRun where only root can. */
export async function removeCluster(layout: Layout): Promise<boolean> {
  if (!isRoot() && hasNode(layout.name))
    throw new CannotRun('the cluster was made by root: run `sudo make cluster-down`');
  const ended = [await removeKind(layout), await removeNode(layout.name)];
  await rm(layout.folder, { recursive: true, force: true });
  return ended.includes(true);
}

/** @throws CannotRun where the cluster does not run, or where Docker does not have an image. */
export async function bringImages(
  layout: Layout,
  names: readonly string[],
  { progress, signal }: StartOptions,
): Promise<void> {
  const made = await readRecord(layout);
  if (made?.way === 'kind') return loadIntoKind(layout, names, signal);
  if (!isRoot())
    throw new CannotRun(
      'images come into a cluster from packages by root: run the lab as root, as `make cluster`',
    );
  const node = findNode(layout.name);
  if (!node) throw new CannotRun('the cluster of this lab does not run: `make cluster` starts it');
  const { wanted, missing } = await importFromDocker(node, names, layout.imported, signal);
  if (wanted.length > 0) progress(`brought into the cluster: ${wanted.join(', ')}`);
  if (missing.length > 0)
    throw new CannotRun(
      `Docker does not have ${missing.join(', ')}: \`docker pull\` brings them, \`make images\` builds stand-ins`,
    );
}
