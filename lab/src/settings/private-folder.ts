import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder that only its owner may enter. Those above it stay open to others: given to a recursive mkdir the mode
 * would hold for every folder made, and below a closed .lab Postgres, which never runs as root, could not reach its data.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await mkdir(path, { recursive: true, mode: 0o700 });
}
