import { CannotRun } from '../cli/failure.ts';
import type { LabPaths } from '../settings/paths.ts';
import { TOOLS } from '../tools/catalogue.ts';
import { unpackDebianPackages, hasDebianTools } from '../tools/debian-packages.ts';
import { findTool } from '../tools/find-tool.ts';
import type { PrometheusProgram } from './scratch-prometheus.ts';

/**
 * Finds the Prometheus and promtool that lite mode uses, and fetches them where they are missing and this is a Debian or Ubuntu.
 * @throws CannotRun where they cannot be had.
 */
export async function prometheusProgram(
  { tools: toolsFolder }: Pick<LabPaths, 'tools'>,
  progress: (line: string) => void,
): Promise<PrometheusProgram> {
  const tool = TOOLS.prometheus;
  let found = await findTool(tool, { toolsFolder });
  if (Array.isArray(found) && hasDebianTools()) {
    await unpackDebianPackages([tool.debianPackage], { toolsFolder, progress });
    found = await findTool(tool, { toolsFolder });
  }
  if (Array.isArray(found)) {
    const why = found.map(({ reason }) => reason).join('; ') || 'Prometheus was found nowhere';
    throw new CannotRun(`${why}. Install it from https://prometheus.io/download (put it on PATH)`);
  }
  const [command = '', promtool = ''] = found.executables;
  return { command, promtool, cwd: found.root };
}
