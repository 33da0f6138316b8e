/** Tells what `make cluster` would lack on this machine, before anybody tries. */
import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { chooseWay } from '../choose-way.ts';
import { goProblem } from '../programs/build.ts';
import { HYPERKUBE, programPath } from '../programs/catalogue.ts';
import { missingPrograms } from './packages.ts';
import { isRoot } from './root.ts';

/** Whether the cluster can be made here. */
export interface Readiness {
  /** How it would be made. */
  how: string;
  /** What is missing, each with its cure; none where it can be made. */
  lacking: string[];
}

export async function clusterReadiness(): Promise<Readiness> {
  const { way, because } = await chooseWay();
  if (way === 'kind') return { how: because, lacking: [] };
  if (platform() !== 'linux')
    return {
      how: because,
      lacking: ['Linux: on this system only kind makes a cluster (install kind and kubectl)'],
    };
  const missing = missingPrograms();
  const go = existsSync(programPath(HYPERKUBE)) ? undefined : await goProblem();
  return {
    how: because,
    lacking: [
      ...(isRoot() ? [] : ['root: `sudo make cluster`, and the lab as root, too']),
      ...(missing.length === 0 || existsSync('/usr/bin/apt-get')
        ? []
        : [`the programs ${missing.map(({ program }) => program).join(', ')}: install them`]),
      ...(go === undefined ? [] : [go]),
    ],
  };
}
