/** Finds k6: on PATH, or where `make tools` built it. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describeError } from '../cli/failure.ts';
import { runCommand } from '../process/run-command.ts';

export interface FoundK6 {
  path: string;
  /** Such as `1.8.1`. */
  version: string;
}

/** Runs TypeScript by itself since 1.0; 2 is what is built and what full mode's image is. */
const MAJORS = [1, 2];

/** Below the tools' folder; `make tools` builds it there. */
export function builtK6(toolsFolder: string): string {
  return join(toolsFolder, 'k6', 'bin', 'k6');
}

/** @returns what serves, else why what was found does not (empty: nothing was found). */
export async function findK6({
  toolsFolder,
  path = process.env['PATH'] ?? '',
}: {
  toolsFolder: string;
  path?: string;
}): Promise<FoundK6 | string[]> {
  const rejected: string[] = [];
  const places = path.split(delimiter).filter(Boolean);
  for (const candidate of [...places.map((folder) => join(folder, 'k6')), builtK6(toolsFolder)]) {
    if (!isExecutable(candidate)) continue;
    try {
      const { stdout } = await runCommand(candidate, ['version'], { timeoutMs: 10_000 });
      const [, version = '', major] = /\bk6(?:\.exe)? v?((\d+)\.\d+\.\d+)/.exec(stdout) ?? [];
      if (MAJORS.includes(Number(major))) return { path: candidate, version };
      rejected.push(
        `${candidate} is ${version || 'of an unknown version'}, the lab is written for k6 1 and 2`,
      );
    } catch (error) {
      rejected.push(describeError(error));
    }
  }
  return rejected;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us.
    return false;
  }
}
