/** Names, ports and a folder of its own for a lab that a test starts: nobody else's is touched. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mode, portsOfMode } from '@lab/cli';
import { freePort } from '../src/free-port.ts';

export interface OwnLab {
  project: string;
  folder: string;
  /** What compose.yaml and `lab` read. */
  variables: Record<string, string>;
}

export async function ownLab(project: string, mode: Mode = 'full'): Promise<OwnLab> {
  const folder = mkdtempSync(join(tmpdir(), `lab-${mode}-`));
  const names = portsOfMode(mode);
  const ports = new Set<number>();
  // A port that was let go may be given again.
  while (ports.size < names.length) ports.add(await freePort());
  const numbers = [...ports].map(String);
  return {
    project,
    folder,
    variables: {
      LAB_STATE_DIR: folder,
      COMPOSE_PROJECT_NAME: project,
      MODE: mode,
      ...Object.fromEntries(names.map((name, index) => [name, numbers[index] ?? ''])),
    },
  };
}
