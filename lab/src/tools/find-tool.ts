/** Finds a tool's executables, on PATH first, then where Debian's packages were unpacked. */
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describeError } from '../cli/failure.ts';
import { runCommand } from '../process/run-command.ts';
import { describeTested, isTested, parseVersion, type Tool, type Version } from './catalogue.ts';

export interface FoundTool {
  /** Path of each executable, in the catalogue's order. */
  executables: string[];
  version: Version;
  /** Working directory it needs: unpacked programs look for their files below it (relocate.ts). */
  root: string | undefined;
}

/** What was looked at, and why it does not serve. */
export interface Rejected {
  reason: string;
}

/** Folders with executables of the packages unpacked below `toolsFolder`. */
export function unpackedFolders(toolsFolder: string): string[] {
  const packages = join(toolsFolder, 'debian');
  if (!existsSync(packages)) return [];
  return readdirSync(packages)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => join(packages, name, 'usr', 'bin'));
}

/** The first place whose version was tested; else why each found one was refused (empty: none was found). */
export async function findTool(
  tool: Tool,
  { toolsFolder, path = process.env['PATH'] ?? '' }: { toolsFolder: string; path?: string },
): Promise<FoundTool | Rejected[]> {
  const rejected: Rejected[] = [];
  for (const folder of [...path.split(delimiter).filter(Boolean), ...unpackedFolders(toolsFolder)]) {
    const executables = tool.executables.map((names) =>
      names.map((name) => join(folder, name)).find(isExecutable),
    );
    const [program] = executables;
    if (program === undefined) continue;
    if (!executables.every((each) => each !== undefined)) {
      const absent = tool.executables.filter((_, index) => executables[index] === undefined);
      rejected.push({ reason: `${program} comes without ${absent.map(([name]) => name).join(', ')}` });
      continue;
    }
    const looked = await versionOf(program);
    if ('reason' in looked) rejected.push(looked);
    else if (isTested(tool, looked.version))
      return { executables, version: looked.version, root: rootOf(folder, toolsFolder) };
    else
      rejected.push({
        reason: `${program} is ${looked.version.join('.')}, the lab is tested with ${describeTested(tool)}`,
      });
  }
  return rejected;
}

function rootOf(folder: string, toolsFolder: string): string | undefined {
  return folder.startsWith(join(toolsFolder, 'debian')) ? join(folder, '..', '..') : undefined;
}

async function versionOf(program: string): Promise<{ version: Version } | Rejected> {
  try {
    const { stdout, stderr } = await runCommand(program, ['--version'], { timeoutMs: 10_000 });
    const version = parseVersion(`${stdout}\n${stderr}`);
    return version ? { version } : { reason: `${program} --version does not say which version it is` };
  } catch (error) {
    return { reason: describeError(error) };
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not there, or not for us.
    return false;
  }
}
