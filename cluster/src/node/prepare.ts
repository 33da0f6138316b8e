/** Writes everything that the node's programs read. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { builtImage } from '../images/built-images.ts';
import type { Layout } from '../layout.ts';
import type { Link } from '../network/addresses.ts';
import { ADMINISTRATOR, identitiesOf } from '../pki/identities.ts';
import { issueCertificates, kubeconfigOf } from '../pki/issue.ts';
import { PAUSE } from '../programs/catalogue.ts';
import { configurationFiles } from './configuration.ts';
import { type NodePart, nodeParts } from './parts.ts';

/** Folders of the node that its programs expect to be there. */
const FOLDERS = ['pki', 'etc/cni', 'log/parts', 'kubelet', 'containerd', 'volumes'];

/**
 * Writes certificates once, and configuration always.
 * @returns a mark of what was written: a node that was started from another has to be started anew.
 */
export async function prepareNode(layout: Layout, hyperkube: string, link: Link): Promise<string> {
  const { node, name, kubeconfig } = layout;
  for (const folder of FOLDERS) await mkdir(join(node, folder), { recursive: true, mode: 0o700 });
  const identities = identitiesOf(link);
  const pki = join(node, 'pki');
  await issueCertificates(pki, identities);
  const server = `https://${link.node}:6443`;
  const etc: Record<string, string> = configurationFiles({
    pauseImage: builtImage(PAUSE),
    cgroup: name,
    link,
  });
  for (const identity of identities.filter(({ calls }) => calls))
    etc[`${identity.name}.kubeconfig`] = await kubeconfigOf(pki, identity.name, server);
  await writePrivate(kubeconfig, etc[`${ADMINISTRATOR}.kubeconfig`] ?? '');
  const files = { ...under('etc', etc), ...partFiles(nodeParts(hyperkube, link)) };
  for (const folder of ['parts', 'parts-after-api'])
    await rm(join(node, folder), { recursive: true, force: true });
  for (const [file, text] of Object.entries(files)) await writePrivate(join(node, file), text);
  return createHash('sha256').update(JSON.stringify(files)).digest('hex');
}

/** As init.sh reads them: one word a line. */
export function partFiles(parts: readonly NodePart[]): Record<string, string> {
  return Object.fromEntries(
    parts.map(({ name, command, afterApi }) => [
      join(afterApi ? 'parts-after-api' : 'parts', name),
      `${command.join('\n')}\n`,
    ]),
  );
}

function under(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [join(folder, name), text]));
}

async function writePrivate(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file) && (await readFile(file, 'utf8')) === text) return;
  await writeFile(file, text, { mode: 0o600 });
}
