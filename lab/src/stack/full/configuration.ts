/** What Prometheus and Alertmanager read in full mode: a copy of the checkout's files in the folders that compose.yaml mounts. */
import { join } from 'node:path';
import { readManifest } from '@lab/manifest';
import { composeTargetFiles, ownTargetFiles, partsFile } from '@lab/prometheus';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import {
  CONFIGURED,
  type Configured,
  type Draft,
  drafted,
  filesBelow,
  requireAccepted,
  sourceFiles,
  writeDraft,
} from '../configuration.ts';
import type { ConfigurationSources } from '../stack.ts';
import type { ComposeCommand } from './compose-command.ts';

/** The checker of each part, and where its container has the folder. */
const CHECKERS = {
  prometheus: { check: ['promtool', 'check', 'config'], folder: '/etc/prometheus' },
  alertmanager: { check: ['amtool', 'check-config'], folder: '/etc/alertmanager/config' },
} as const;

/** Folder of the checkout's copy, by part: compose.yaml's PROMETHEUS_CONFIG_DIR and ALERTMANAGER_CONFIG_DIR. */
export function configurationFolder(paths: LabPaths, part: Configured): string {
  return join(paths.lab, 'full', part);
}

/** Puts drafts in the mounted folders. @param parts names of the parts that run: only they are targets. */
export function draftConfiguration(
  paths: LabPaths,
  settings: Settings,
  parts: readonly string[],
  sources: ConfigurationSources = {},
): Promise<Draft> {
  const manifest = readManifest(paths.root);
  const { prometheus, alertmanager } = sourceFiles(paths, settings, sources);
  const own = ownTargetFiles(join(paths.root, 'prometheus', 'targets', 'full'));
  const folders = {
    prometheus: configurationFolder(paths, 'prometheus'),
    alertmanager: configurationFolder(paths, 'alertmanager'),
  };
  return writeDraft(folders, {
    alertmanager,
    prometheus: [
      ...prometheus,
      // Laid out as in the checkout: compose.yaml mounts either.
      ...filesBelow('targets/full', own),
      ...filesBelow('targets', composeTargetFiles(manifest, parts)),
      ['parts.json', partsFile(manifest, { present: parts, scraped: parts })],
    ],
  });
}

/** Has the tools' own checkers read the drafts, in those containers that run. @throws CannotRun with the checkers' words. */
export async function checkDrafts(command: ComposeCommand, running: readonly string[]): Promise<void> {
  const checked = CONFIGURED.filter((part) => running.includes(part));
  await requireAccepted(
    checked.map((part) => {
      const { check, folder } = CHECKERS[part];
      return command.compose(['exec', '-T', part, ...check, drafted(folder, part)]);
    }),
  );
}
