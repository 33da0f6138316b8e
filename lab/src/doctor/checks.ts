/** Everything that `doctor` looks at, in the order in which it matters. */
import { type Manifest, readManifest } from '@lab/manifest';
import { cureOf, problemOf, takenPorts } from '../ports/taken-ports.ts';
import type { LabPaths } from '../settings/paths.ts';
import type { Settings } from '../settings/settings.ts';
import { numberedPorts, portsOfMode } from '../settings/variables.ts';
import { bad, type Finding, good } from './check.ts';
import { checkCluster } from './cluster.ts';
import { checkLoadEngine } from './load-engine.ts';
import { checkArchitecture, checkDisk, checkMapCount, checkMemory, checkNode } from './machine.ts';
import { checkBrowser, checkCompose, checkEngine, checkTools } from './programs.ts';

/** @param isUp the lab itself has its ports then. */
export async function findings(paths: LabPaths, settings: Settings, isUp: boolean): Promise<Finding[]> {
  const manifest = readManifest(paths.root);
  const [disk, engine, compose, tools, loadEngine, cluster, ports] = await Promise.all([
    checkDisk(paths.root),
    checkEngine(),
    checkCompose(),
    checkTools(paths.tools, manifest.parts),
    checkLoadEngine(paths.tools),
    checkCluster(paths),
    isUp ? [good('ports', 'in use by this lab')] : checkPorts(manifest, settings),
  ]);
  const machine = [checkNode(), checkArchitecture(), checkMemory(), disk];
  const programs = [engine, compose, checkMapCount(), cluster, loadEngine, checkBrowser()];
  return [...machine, ...ports, ...tools, ...programs];
}

async function checkPorts(manifest: Manifest, settings: Settings): Promise<Finding[]> {
  const names = portsOfMode('lite', manifest);
  const taken = await takenPorts(numberedPorts(names, settings.ports));
  if (taken.length === 0) return [good('ports', `${names.length} of lite mode are free`)];
  return taken.map((port) => bad('ports', problemOf(port), cureOf(port)));
}
