/** The network between api and Postgres as a part of lite mode, so that an experiment can make it slow or cut it. */
import { join } from 'node:path';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Part } from '../../supervisor/part.ts';
import { respondsOk } from './look.ts';

export function databaseProxyPart(
  paths: LabPaths,
  { ports }: Settings,
  common: Record<string, string>,
): Part {
  const { DATABASE_PROXY_PORT, DATABASE_PROXY_API_PORT, POSTGRES_PORT } = ports;
  return {
    name: 'database-proxy',
    dependsOn: [],
    prepare: () => ({
      command: process.execPath,
      args: [
        // It only passes bytes on.
        '--max-semi-space-size=1',
        '--max-old-space-size=32',
        join(paths.root, 'lab', 'src', 'tcp-proxy', 'main.ts'),
        ...[DATABASE_PROXY_PORT, POSTGRES_PORT, DATABASE_PROXY_API_PORT].map(String),
      ],
      cwd: paths.root,
      env: { ...common, NODE_COMPILE_CACHE: join(paths.cache, 'node') },
    }),
    isReady: (signal) => respondsOk(`http://127.0.0.1:${DATABASE_PROXY_API_PORT}/version`, signal),
    stopSignal: 'SIGTERM',
    stopDeadlineMs: 5_000,
  };
}
