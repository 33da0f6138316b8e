/** Writes everything that the node's programs read. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { builtImage } from '../images/built-images.ts';
import type { Layout } from '../layout.ts';
import type { Link } from '../network/addresses.ts';
import { ADMINISTRATOR, identitiesOf } from '../pki/identities.ts';
import { issueCertificates, kubeconfigOf } from '../pki/issue.ts';
import { PAUSE } from '../programs/catalogue.ts';
import { configurationFiles } from './configuration.ts';
import { type NodePart, nodeParts } from './parts.ts';
import { FIRST_PROCESS } from './start-node.ts';

/** Folders of the node that its programs expect to be there, with who may look into them. Those that pods see are as on any node. */
const FOLDERS: Readonly<Record<string, number>> = {
  pki: 0o700,
  etc: 0o700,
  var: 0o755,
  'var/lib': 0o755,
  'var/lib/volumes': 0o755,
  'var/log': 0o755,
  'var/log/node': 0o700,
};

/**
 * Writes certificates once, and configuration always.
 * @returns a mark of what the node is started from: one that runs from something else has to be started anew.
 */
export async function prepareNode(layout: Layout, link: Link): Promise<string> {
  const { node, name, kubeconfig } = layout;
  for (const [folder, mode] of Object.entries(FOLDERS)) {
    await mkdir(join(node, folder), { recursive: true });
    await chmod(join(node, folder), mode);
  }
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
  const files = { ...under('etc', etc), ...partFiles(nodeParts(link)) };
  for (const folder of ['parts', 'parts-after-api'])
    await rm(join(node, folder), { recursive: true, force: true });
  for (const [file, text] of Object.entries(files)) await writePrivate(join(node, file), text);
  return createHash('sha256')
    .update(JSON.stringify(files))
    .update(await readFile(FIRST_PROCESS))
    .digest('hex');
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
