/** The Prometheus and the promtool with which recordings are made and played: those of lite mode. */
import { CannotRun } from '../cli/failure.ts';
import type { LabPaths } from '../settings/paths.ts';
import { TOOLS } from '../tools/catalogue.ts';
import { hasDebianTools, unpackDebianPackages } from '../tools/debian-packages.ts';
import { type FoundTool, findTool, type Rejected } from '../tools/find-tool.ts';
import type { PrometheusProgram } from './scratch-prometheus.ts';

/** Finds them, and fetches nothing. @throws CannotRun where they are not there. */
export async function findPrometheusProgram({
  tools: toolsFolder,
}: Pick<LabPaths, 'tools'>): Promise<PrometheusProgram> {
  return programOf(await findTool(TOOLS.prometheus, { toolsFolder }));
}

/** Finds them, or fetches them where this is a Debian or Ubuntu. @throws CannotRun where they cannot be had. */
export async function ensurePrometheusProgram(
  { tools: toolsFolder }: Pick<LabPaths, 'tools'>,
  progress: (line: string) => void,
): Promise<PrometheusProgram> {
  const found = await findTool(TOOLS.prometheus, { toolsFolder });
  if (!Array.isArray(found) || !hasDebianTools()) return programOf(found);
  await unpackDebianPackages([TOOLS.prometheus.debianPackage], { toolsFolder, progress });
  return findPrometheusProgram({ tools: toolsFolder });
}

function programOf(found: FoundTool | Rejected[]): PrometheusProgram {
  if (Array.isArray(found)) {
    const why = found.map(({ reason }) => reason).join('; ') || 'Prometheus was not found';
    throw new CannotRun(
      `${why}: \`make tools\` fetches it on Debian and Ubuntu, else install it from https://prometheus.io/download`,
    );
  }
  const [command = '', promtool = ''] = found.executables;
  return { command, promtool, cwd: found.root };
}
