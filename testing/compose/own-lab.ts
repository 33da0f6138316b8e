/** Names, ports and a folder of its own for a lab that a test starts: nobody else's is touched. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portsOfMode } from '@lab/cli';
import { freePort } from '../src/free-port.ts';

export interface OwnLab {
  project: string;
  folder: string;
  /** What compose.yaml and `lab` read. */
  variables: Record<string, string>;
}

export async function ownLab(project: string): Promise<OwnLab> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-compose-'));
  const names = portsOfMode('full');
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
      MODE: 'full',
      ...Object.fromEntries(names.map((name, index) => [name, numbers[index] ?? ''])),
    },
  };
}
