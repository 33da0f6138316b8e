/** Every tool that lite needs, found or fetched; the lab starts only with versions it was tested with. */
import { CannotRun, describeError } from '../cli/failure.ts';
import { TOOL_NAMES, TOOLS, type ToolName } from './catalogue.ts';
import { hasDebianTools, unpackDebianPackages } from './debian-packages.ts';
import { type FoundTool, findTool, type Rejected } from './find-tool.ts';

export type FoundTools = Partial<Record<ToolName, FoundTool>>;

export interface ToolOptions {
  toolsFolder: string;
  progress: (line: string) => void;
  path?: string;
}

/**
 * Finds every tool, and fetches those that are missing where this is a Debian or Ubuntu.
 * @throws CannotRun with one line per tool that cannot be had, and how to install it.
 */
export async function ensureTools(options: ToolOptions): Promise<FoundTools> {
  const first = await findAll(options);
  if (first.missing.length === 0) return first.found;
  let fetchProblem: string | undefined;
  if (hasDebianTools(options.path)) {
    const packages = first.missing.map(({ name }) => TOOLS[name].debianPackage);
    await unpackDebianPackages(packages, options).catch((error: unknown) => {
      fetchProblem = describeError(error);
    });
  }
  const { found, missing } = await findAll(options);
  const lines = missing.map(({ name, rejected }) => {
    const why =
      rejected.map(({ reason }) => reason).join('; ') ||
      `${name} was found neither on PATH nor in ${options.toolsFolder}`;
    return { line: `${why}. ${howToInstall(name, fetchProblem)}`, optional: TOOLS[name].optional };
  });
  const fatal = lines.filter(({ optional }) => !optional);
  if (fatal.length > 0) throw new CannotRun(fatal.map(({ line }) => line).join('\n'));
  for (const { line } of lines) options.progress(`going on without: ${line}`);
  return found;
}

interface Survey {
  found: FoundTools;
  missing: { name: ToolName; rejected: Rejected[] }[];
}

/** What is there, without fetching anything. */
export async function findAll(options: Pick<ToolOptions, 'toolsFolder' | 'path'>): Promise<Survey> {
  const found: FoundTools = {};
  const missing: Survey['missing'] = [];
  const results = await Promise.all(TOOL_NAMES.map((name) => findTool(TOOLS[name], options)));
  // In the catalogue's order, whoever answered first: the result tells whether something changed.
  for (const [index, name] of TOOL_NAMES.entries()) {
    const result = results[index];
    if (Array.isArray(result)) missing.push({ name, rejected: result });
    else if (result) found[name] = result;
  }
  return { found, missing };
}

function howToInstall(name: ToolName, fetchProblem: string | undefined): string {
  if (fetchProblem !== undefined) return `Debian's package could not be fetched: ${fetchProblem}`;
  const brew = { prometheus: 'prometheus', alertmanager: 'alertmanager' }[name as string];
  const from = `https://prometheus.io/download (put it on PATH)`;
  return brew ? `Install it with \`brew install ${brew}\` or from ${from}` : `Install it from ${from}`;
}
