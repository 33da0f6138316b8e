/** Finds the program of a part on this machine: Node, a tool of the lab's, or any other. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ManifestError, type Part } from '@lab/manifest';
import type { LabPaths } from '../../settings/paths.ts';
import type { PartCommand } from '../../supervisor/part.ts';
import { isToolName, type ToolName, versionArguments } from '../../tools/catalogue.ts';
import type { FoundTools } from '../../tools/ensure-tools.ts';

/** The PATH is fixed: who starts the lab, and from where, makes no difference to its parts. */
export const PATH = ['/usr/local/bin', '/usr/bin', '/bin'];

/** The tool of `make tools` that a part is; undefined: it is another program. @throws ManifestError for an unknown one. */
export function toolOf({ name, lite }: Part): ToolName | undefined {
  if (lite?.tool === undefined || isToolName(lite.tool)) return lite?.tool;
  throw new ManifestError([
    `services.${name}.x-lab.lite.tool: expected a tool of \`make tools\`, got ${lite.tool}`,
  ]);
}

/** Finds what to run, where, and what that kind of program needs besides. @throws ManifestError where there is no such program or folder. */
export function programOf(
  part: Part,
  [first = '', ...rest]: readonly string[],
  folder: string,
  { paths, tools }: { paths: LabPaths; tools: FoundTools },
): PartCommand {
  if (!existsSync(folder))
    throw new ManifestError([
      `services.${part.name}.x-lab.lite.folder: expected a folder, found none at ${folder}`,
    ]);
  const name = toolOf(part);
  const tool = name && tools[name];
  if (name && tool)
    return {
      command: tool.executables[0] ?? '',
      args: [...(first === '' ? [] : [first]), ...rest, ...versionArguments(name, tool.version)],
      cwd: tool.root ?? paths.lab,
      env: {},
    };
  // The second start of the same code skips compiling it.
  if (first === 'node')
    return {
      command: process.execPath,
      args: rest,
      cwd: folder,
      env: { NODE_COMPILE_CACHE: join(paths.cache, 'node') },
    };
  return { command: find(first, folder, part.name), args: rest, cwd: folder, env: {} };
}

/** Finds a program by its path, from its folder, or by its name on the fixed PATH. */
function find(program: string, folder: string, part: string): string {
  const byPath = program.includes('/');
  const places = byPath ? [resolve(folder, program)] : PATH.map((place) => join(place, program));
  const found = places.find(isExecutable);
  if (found !== undefined) return found;
  const where = byPath ? folder : PATH.join(', ');
  throw new ManifestError([
    `services.${part}.command: expected a program in ${where}, found no ${program || 'command'}: install it, or name another`,
  ]);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // Not there, or nothing to run: either way another place is tried.
  }
}
