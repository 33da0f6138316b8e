/** Every part of lite mode, in the order in which a person reads them. */
import { createHash } from 'node:crypto';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { type PortName, portsOfMode } from '../../settings/variables.ts';
import { MARK } from '../../supervisor/leftovers.ts';
import type { Part } from '../../supervisor/part.ts';
import type { FoundTools } from '../../tools/ensure-tools.ts';
import { databaseProxyPart } from './database-proxy-part.ts';
import { nodeServices } from './node-services.ts';
import { postgresPart } from './postgres-part.ts';
import { toolParts } from './tool-parts.ts';

export interface LiteOptions {
  paths: LabPaths;
  settings: Settings;
  tools: FoundTools;
}

export function liteParts({ paths, settings, tools }: LiteOptions): Part[] {
  const mark = { [MARK]: paths.id };
  const common = {
    ...mark,
    // A fixed one: who starts the lab, and from where, makes no difference to its parts.
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    // Fewer arenas for the C library's allocator: a few megabytes less for each of a dozen processes.
    MALLOC_ARENA_MAX: '2',
  };
  return [
    postgresPart(paths, settings, common),
    databaseProxyPart(paths, settings, common),
    ...nodeServices({ paths, settings, common }),
    ...toolParts({ paths, settings, tools, common }),
  ];
}

/** Names of the parts that tools found now would make. */
export function litePartNames(options: LiteOptions): string[] {
  return liteParts(options).map(({ name }) => name);
}

/** Ports of lite mode, without those of exporters that could not be had. */
export function litePorts({ settings, tools }: LiteOptions): [PortName, number][] {
  return portsOfMode('lite')
    .filter((name) => name !== 'POSTGRES_EXPORTER_PORT' || tools['postgres-exporter'] !== undefined)
    .filter((name) => name !== 'BLACKBOX_EXPORTER_PORT' || tools['blackbox-exporter'] !== undefined)
    .map((name) => [name, settings.ports[name]]);
}

/** Tells whether a running supervisor was started with these settings and tools. */
export function configurationOf({ settings, tools }: LiteOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, tools, process.version]))
    .digest('hex')
    .slice(0, 16);
}
