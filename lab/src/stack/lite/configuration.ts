/**
 * Renders what Prometheus and Alertmanager read in lite from the checkout's files: the same sources as full mode,
 * with this lab's ports and paths filled in. Always rendered into .lab, so that the sources stay what they are.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { localAddress, readManifest } from '@lab/manifest';
import { ownTargetFiles, partsFile, targetFiles } from '@lab/prometheus';
import { CannotRun } from '../../cli/failure.ts';
import { runCommand } from '../../process/run-command.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { FoundTools } from '../../tools/ensure-tools.ts';
import {
  type Draft,
  drafted,
  type File,
  filesBelow,
  requireAccepted,
  sourceFiles,
  writeDraft,
} from '../configuration.ts';
import type { ConfigurationSources } from '../stack.ts';

/** Where full mode's Alertmanager finds the console and its secrets. */
const FULL_MODE_CONSOLE = 'http://console:8000';
const FULL_MODE_SECRETS = '/etc/alertmanager/secrets';

export interface RenderOptions {
  paths: LabPaths;
  settings: Settings;
  /** Parts that run: an exporter that could not be had is not scraped. */
  parts: readonly string[];
  sources?: ConfigurationSources;
}

/** Renders drafts, to be checked first and then used. */
export async function renderConfiguration(options: RenderOptions): Promise<Draft> {
  const { paths, settings, sources } = options;
  const { prometheus, alertmanager } = sourceFiles(paths, settings, sources);
  // Prometheus watches the folder, also while nothing is probed.
  await mkdir(join(paths.prometheus, 'targets', 'probes'), { recursive: true });
  return writeDraft(paths, {
    prometheus: [...prometheus, ...filesOfParts(options)],
    alertmanager: alertmanager.map(([name, text]) => [
      name,
      text
        .replaceAll(FULL_MODE_SECRETS, paths.secrets)
        .replaceAll(FULL_MODE_CONSOLE, `http://127.0.0.1:${settings.ports.CONSOLE_PORT}`),
    ]),
  });
}

/** Has the tools' own checkers read the drafts, where they are there. @throws CannotRun with the checkers' words. */
export async function checkDrafts(paths: LabPaths, tools: FoundTools): Promise<void> {
  const [, promtool] = tools.prometheus?.executables ?? [];
  const [, amtool] = tools.alertmanager?.executables ?? [];
  await requireAccepted([
    ...(promtool ? [runCommand(promtool, ['check', 'config', drafted(paths.prometheus, 'prometheus')])] : []),
    ...(amtool ? [runCommand(amtool, ['check-config', drafted(paths.alertmanager, 'alertmanager')])] : []),
  ]);
}

/** Targets, a person's own among them, and the console's list of parts. */
function filesOfParts({ paths, settings, parts }: RenderOptions): File[] {
  const manifest = readManifest(paths.root);
  const present = manifest.parts.filter(({ name, lite }) => lite && (!lite.optional || parts.includes(name)));
  const scraped = present.filter(({ lite }) => lite?.scraped).map(({ name }) => name);
  const variables = Object.fromEntries(
    Object.entries(settings.ports).map(([name, value]) => [name, String(value)]),
  );
  const made = targetFiles({
    manifest,
    parts: scraped,
    address: (text, part) => localAddress(text, part, { manifest, root: paths.root, variables }),
  });
  const own = [...ownTargetFiles(join(paths.root, 'prometheus', 'targets', 'lite'))].map(
    ([name, text]): File => [name, fillPorts(text, settings, name)],
  );
  return [
    ...filesBelow('targets', new Map([...own, ...made])),
    ['parts.json', partsFile(manifest, { present: present.map(({ name }) => name), scraped })],
  ];
}

/** Replaces `${NAME_PORT}`. @throws CannotRun for a name that is no port of the lab. */
function fillPorts(text: string, settings: Settings, file: string): string {
  const ports: Record<string, number> = settings.ports;
  return text.replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = ports[name];
    if (value === undefined)
      throw new CannotRun(
        `prometheus/targets/lite/${file}: \${${name}} is no port of the lab (see .env.example)`,
      );
    return String(value);
  });
}
