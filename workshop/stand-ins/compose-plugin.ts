/** Compose for a machine that has none: built from its Go module, for this process alone. */
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '@lab/cli';
import { buildWithGo, standInCache } from './ingredients.ts';
import { COMPOSE } from './recipes.ts';

/**
 * Leaves a machine's own Compose alone. Else puts a plugin where only DOCKER_CONFIG of this process leads to: `make up` of others
 * must not take full mode because of a test.
 */
export async function ensureCompose(progress: (line: string) => void): Promise<void> {
  const present = await runCommand('docker', ['compose', 'version']).catch(() => undefined); // There is none.
  if (present) return;
  const cache = standInCache();
  const program = await buildWithGo({ cache, progress }, COMPOSE);
  const configuration = join(cache, 'docker-config');
  const plugin = join(configuration, 'cli-plugins', 'docker-compose');
  mkdirSync(dirname(plugin), { recursive: true });
  cpSync(program, plugin);
  process.env['DOCKER_CONFIG'] = configuration;
}
