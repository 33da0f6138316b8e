import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DASHBOARDS } from './dashboards.ts';
import { kibanaImport } from './kibana/saved-objects.ts';

/**
 * Writes every generated file of Grafana's and Kibana's dashboards; with `--check` compares instead and exits 1 when one is out of date.
 * `generatedFiles` is what both, and the test, go by.
 */
export const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = 'grafana/dashboards';

export function generatedFiles(): ReadonlyMap<string, string> {
  const dashboards = DASHBOARDS.map((dashboard): [string, string] => [
    `${FOLDER}/${dashboard.uid}.json`,
    `${JSON.stringify(dashboard.json(), null, 2)}\n`,
  ]);
  return new Map([...dashboards, ['kibana/saved-objects.ndjson', kibanaImport()]]);
}

/** Paths whose committed text differs from what would be generated now; files of ours that no source makes any more are among them. */
export function outdatedFiles(): string[] {
  const wanted = generatedFiles();
  const strays = readdirSync(join(ROOT, FOLDER))
    .map((name) => `${FOLDER}/${name}`)
    .filter((path) => path.endsWith('.json') && !wanted.has(path) && isOurs(path));
  return [...[...wanted].filter(([path, text]) => current(path) !== text).map(([path]) => path), ...strays];
}

/** Told by the tag: a dashboard that somebody put beside ours is theirs. */
function isOurs(path: string): boolean {
  const { tags } = JSON.parse(current(path) ?? '{}') as { tags?: unknown };
  return Array.isArray(tags) && tags.includes('lab');
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function write(path: string): void {
  const text = generatedFiles().get(path);
  const file = join(ROOT, path);
  if (text === undefined) {
    rmSync(file);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

if (import.meta.main) {
  const outdated = outdatedFiles();
  if (process.argv.includes('--check')) {
    for (const path of outdated)
      console.error(`${path} is out of date: run npm run generate -w @lab/grafana`);
    if (outdated.length > 0) process.exitCode = 1;
  } else {
    for (const path of outdated) {
      write(path);
      console.log(`wrote ${path}`);
    }
  }
}
