/** Builds k6 where Go is: its versions and checksums are pinned in loadtests/k6/build. Two minutes, once. */
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeError } from '../cli/failure.ts';
import { runCommand } from '../process/run-command.ts';
import type { LabPaths } from '../settings/paths.ts';
import { builtK6, type FoundK6, findK6 } from './find-k6.ts';

export const K6_MODULE = 'go.k6.io/k6/v2';
const TIMEOUT_MS = 20 * 60_000;

/** Finds k6, or builds it. Never fails: without k6 the load runs on the lab's own engine. @returns why there is none. */
export async function ensureK6(
  { root, tools }: Pick<LabPaths, 'root' | 'tools'>,
  progress: (line: string) => void,
): Promise<FoundK6 | string> {
  const present = await findK6({ toolsFolder: tools });
  if (!Array.isArray(present)) return present;
  const go = await runCommand('go', ['version'], { timeoutMs: 10_000 }).catch(() => undefined);
  if (!go)
    return 'not found, and there is no Go to build it with (https://grafana.com/docs/k6 says where to get k6)';
  progress('building k6 with Go: a few minutes, once');
  const target = builtK6(tools);
  try {
    await mkdir(dirname(target), { recursive: true });
    // Below a name of its own until it is whole: two labs may share the tools.
    const draft = `${target}.${process.pid}`;
    await runCommand('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', draft, K6_MODULE], {
      cwd: join(root, 'loadtests', 'k6', 'build'),
      env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
      timeoutMs: TIMEOUT_MS,
    });
    await rename(draft, target);
  } catch (error) {
    return `could not be built: ${describeError(error)}`;
  }
  const built = await findK6({ toolsFolder: tools });
  return Array.isArray(built) ? built.join('; ') : built;
}
