/** Builds programs from their Go modules; what is built already is only looked up. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CannotRun, describeError, runCommand } from '@lab/cli/program';
import { type GoProgram, linkerFlags, programPath, sourceFolder } from './catalogue.ts';

const BUILD_TIMEOUT_MS = 90 * 60_000;
const GO = '1.26';

/**
 * The program's path.
 * @throws CannotRun where Go is missing or too old, or the build fails.
 */
export async function ensureProgram(
  program: GoProgram,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const target = programPath(program);
  if (existsSync(target)) return target;
  const problem = await goProblem();
  if (problem !== undefined) throw new CannotRun(problem);
  progress(`building ${program.what}`);
  await mkdir(dirname(target), { recursive: true });
  // Under a name of its own until it is whole: two checkouts may build at the same time.
  const draft = `${target}.${process.pid}`;
  try {
    await runCommand(
      'go',
      ['build', '-trimpath', `-ldflags=${linkerFlags(program)}`, '-o', draft, program.package ?? '.'],
      {
        cwd: sourceFolder(program),
        env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOTOOLCHAIN: 'local' },
        timeoutMs: BUILD_TIMEOUT_MS,
        signal,
      },
    );
    await rename(draft, target);
  } catch (cause) {
    signal.throwIfAborted();
    throw new CannotRun(`${program.name} cannot be built: ${describeError(cause)}`, { cause });
  } finally {
    await rm(draft, { force: true });
  }
  return target;
}

/** Why nothing can be built here, with the cure; undefined where Go is here and recent enough. */
export async function goProblem(): Promise<string | undefined> {
  const cure = `install Go ${GO} or newer (https://go.dev/dl), or kind where Docker reaches an image registry`;
  const found = await runCommand('go', ['env', 'GOVERSION'], {
    env: { GOTOOLCHAIN: 'local' },
    timeoutMs: 10_000,
  }).catch(() => undefined); // There is no Go, which is the answer.
  if (!found) return `the cluster is built with Go, which is not here: ${cure}`;
  const version = found.stdout.trim();
  if (isRecentGo(version)) return undefined;
  return `the cluster is built with Go ${GO}, and ${version} is here: ${cure}`;
}

/** @param version as `go env GOVERSION` prints it: `go1.26.8`. */
export function isRecentGo(version: string, needed = GO): boolean {
  const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  const [needMajor = 0, needMinor = 0] = needed.split('.').map(Number);
  return Number(major) > needMajor || (Number(major) === needMajor && Number(minor) >= needMinor);
}
