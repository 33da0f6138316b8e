/** Every part of lite mode, as the manifest (compose.yaml) describes it, translated into processes of this machine. */
import { createHash } from 'node:crypto';
import { type Manifest, type Part as ManifestPart, readManifest } from '@lab/manifest';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { numberedPorts, portsOfMode } from '../../settings/variables.ts';
import { MARK } from '../../supervisor/leftovers.ts';
import type { Part } from '../../supervisor/part.ts';
import type { FoundTools } from '../../tools/ensure-tools.ts';
import { postgresPart } from './postgres-part.ts';
import { processPart } from './process-part.ts';
import { PATH, toolOf } from './program.ts';

export interface LiteOptions {
  paths: LabPaths;
  settings: Settings;
  tools: FoundTools;
}

/**
 * The parts that lite starts, without those whose optional tool could not be had.
 * @throws ManifestError where compose.yaml asks for something that lite cannot do.
 */
export function liteParts({ paths, settings, tools }: LiteOptions): Part[] {
  const manifest = readManifest(paths.root);
  const started = startedParts(manifest, tools);
  const names = started.map(({ name }) => name);
  const common = {
    [MARK]: paths.id,
    PATH: PATH.join(':'),
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    // Fewer arenas for the C library's allocator: a few megabytes less for each of a dozen processes.
    MALLOC_ARENA_MAX: '2',
  };
  return started.map((part) =>
    part.lite?.builtin === 'postgres'
      ? postgresPart(paths, settings, common)
      : processPart(part, { manifest, paths, settings, tools, common, names }),
  );
}

/** Names of the parts that tools found now would make. */
export function litePartNames({ paths, tools }: LiteOptions): string[] {
  return startedParts(readManifest(paths.root), tools).map(({ name }) => name);
}

/** Ports of lite mode, without those of tools that could not be had. */
export function litePorts({ paths, settings, tools }: LiteOptions): [name: string, port: number][] {
  const manifest = readManifest(paths.root);
  const absent = manifest.parts.filter((part) => part.lite && !hasTool(part, tools));
  const closed = manifest.ports
    .filter(({ part }) => absent.some(({ name }) => name === part))
    .map(({ variable }) => variable);
  const open = portsOfMode('lite', manifest).filter((name) => !closed.includes(name));
  return numberedPorts(open, settings.ports);
}

/** Tells whether a running supervisor was started with these settings, tools and parts. */
export function configurationOf({ paths, settings, tools }: LiteOptions): string {
  const services = readManifest(paths.root).parts.map(({ compose }) => compose);
  return createHash('sha256')
    .update(JSON.stringify([settings, tools, services, process.version]))
    .digest('hex')
    .slice(0, 16);
}

function startedParts({ parts }: Manifest, tools: FoundTools): ManifestPart[] {
  return parts.filter((part) => part.lite && hasTool(part, tools));
}

function hasTool(part: ManifestPart, tools: FoundTools): boolean {
  const tool = toolOf(part);
  return tool === undefined || tools[tool] !== undefined;
}
