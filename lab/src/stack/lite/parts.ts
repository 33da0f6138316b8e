/** Every part of lite mode, as the manifest (compose.yaml) describes it, translated into processes of this machine. */
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  localAddress,
  localProcess,
  type Manifest,
  ManifestError,
  type Part as ManifestPart,
  mountsOf,
  readManifest,
} from '@lab/manifest';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { numberedPorts, portsOfMode } from '../../settings/variables.ts';
import { MARK } from '../../supervisor/leftovers.ts';
import type { Part } from '../../supervisor/part.ts';
import { isToolName, type ToolName, versionArguments } from '../../tools/catalogue.ts';
import type { FoundTools } from '../../tools/ensure-tools.ts';
import { accepts, respondsOk } from './look.ts';
import { postgresPart } from './postgres-part.ts';

export interface LiteOptions {
  paths: LabPaths;
  settings: Settings;
  tools: FoundTools;
}

/** A fixed one: who starts the lab, and from where, makes no difference to its parts. */
const PATH = ['/usr/local/bin', '/usr/bin', '/bin'];

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

function toolOf({ name, lite }: ManifestPart): ToolName | undefined {
  if (lite?.tool === undefined || isToolName(lite.tool)) return lite?.tool;
  throw new ManifestError([
    `services.${name}.x-lab.lite.tool: expected a tool of \`make tools\`, got ${lite.tool}`,
  ]);
}

interface ProcessOptions extends LiteOptions {
  manifest: Manifest;
  common: Readonly<Record<string, string>>;
  /** What else is started: it is waited for, what is not there is not. */
  names: readonly string[];
}

function processPart(part: ManifestPart, options: ProcessOptions): Part {
  const { manifest, paths, settings, common, names } = options;
  const local = {
    manifest,
    root: paths.root,
    variables: {
      ...settings.variables,
      ...settings.secrets,
      ...Object.fromEntries(Object.entries(settings.ports).map(([name, port]) => [name, String(port)])),
      PROMETHEUS_CONFIG_DIR: paths.prometheus,
      ALERTMANAGER_CONFIG_DIR: paths.alertmanager,
    },
    volume: (name: string) =>
      name === 'app-logs' ? paths.applicationLogs : join(paths.data, name.replace(/-data$/, '')),
  };
  const { command, environment, folder } = localProcess(part, local);
  const named = mountsOf(part.compose).filter(({ source }) => !/^[./]/.test(source));
  const ready = part.ready === undefined ? undefined : new URL(localAddress(part.ready, part, local));
  return {
    name: part.name,
    dependsOn: (part.lite?.after ?? []).filter((name) => names.includes(name)),
    leaves: (part.lite?.leaves ?? []).filter((name) => names.includes(name)),
    async prepare() {
      for (const { source } of named) await mkdir(local.volume(source), { recursive: true });
      const program = programOf(part, command, folder, options);
      return { ...program, env: { ...common, ...program.env, ...environment } };
    },
    isReady: async (signal) => {
      if (ready === undefined) return true;
      return ready.protocol === 'tcp:' ? accepts(Number(ready.port), signal) : respondsOk(ready.href, signal);
    },
    stopSignal: stopSignalOf(part),
    stopDeadlineMs: milliseconds(part.compose.stop_grace_period ?? '10s'),
  };
}

/** What to run, where, and what that kind of program needs besides. @throws Error where this machine has no such program. */
function programOf(
  part: ManifestPart,
  [first = '', ...rest]: readonly string[],
  folder: string,
  { paths, tools }: ProcessOptions,
): { command: string; args: string[]; cwd: string; env?: Record<string, string> } {
  const name = toolOf(part);
  const tool = name && tools[name];
  if (name && tool)
    return {
      command: tool.executables[0] ?? '',
      args: [...(first === '' ? [] : [first]), ...rest, ...versionArguments(name, tool.version)],
      cwd: tool.root ?? paths.lab,
    };
  // The second start of the same code skips compiling it.
  if (first === 'node')
    return {
      command: process.execPath,
      args: rest,
      cwd: folder,
      env: { NODE_COMPILE_CACHE: join(paths.cache, 'node') },
    };
  return { command: find(first, folder, part.name), args: rest, cwd: folder };
}

/** A program by its path, from its folder, or by its name on the fixed PATH. */
function find(program: string, folder: string, part: string): string {
  const byPath = program.includes('/');
  const places = byPath ? [resolve(folder, program)] : PATH.map((place) => join(place, program));
  const found = program === '' ? undefined : places.find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `${part}: expected the program ${program} in ${byPath ? folder : PATH.join(', ')}, found none: install it`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or nothing to run: either way another place is tried.
  }
}

function stopSignalOf({
  name,
  compose: { stop_signal: signal = 'SIGTERM' },
}: ManifestPart): Part['stopSignal'] {
  if (signal === 'SIGTERM' || signal === 'SIGINT') return signal;
  throw new ManifestError([`services.${name}.stop_signal: expected SIGTERM or SIGINT, got ${signal}`]);
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration of Compose, such as `15s` or `1m30s`, in milliseconds. */
function milliseconds(duration: string): number {
  return [...duration.matchAll(/(\d+)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  );
}
