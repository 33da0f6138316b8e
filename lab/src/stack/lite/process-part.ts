/** A part of the manifest as a process of this machine: its container's command and environment, translated. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  localAddress,
  localProcess,
  type Manifest,
  ManifestError,
  type Part as ManifestPart,
  mountsOf,
} from '@lab/manifest';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Part } from '../../supervisor/part.ts';
import type { FoundTools } from '../../tools/ensure-tools.ts';
import { accepts, respondsOk } from './look.ts';
import { programOf } from './program.ts';

export interface ProcessOptions {
  paths: LabPaths;
  settings: Settings;
  tools: FoundTools;
  manifest: Manifest;
  common: Readonly<Record<string, string>>;
  /** Names of the other parts that are started: only those are waited for. */
  names: readonly string[];
}

/** @throws ManifestError where the part asks for something that lite cannot do, or this machine has no such program. */
export function processPart(part: ManifestPart, options: ProcessOptions): Part {
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
  const program = programOf(part, command, folder, options);
  const named = mountsOf(part.compose).filter(({ source }) => !/^[./]/.test(source));
  const ready = part.ready === undefined ? undefined : new URL(localAddress(part.ready, part, local));
  return {
    name: part.name,
    dependsOn: (part.lite?.after ?? []).filter((name) => names.includes(name)),
    leaves: (part.lite?.leaves ?? []).filter((name) => names.includes(name)),
    async prepare() {
      for (const { source } of named) await mkdir(local.volume(source), { recursive: true });
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
