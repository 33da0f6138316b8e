/** Sees to a Python for the service of somebody's own that the labs under test start (testing/fixtures/shop). */
import { existsSync } from 'node:fs';
import { installDebian } from './debian-package.ts';

/** The folders in which lite looks for programs. */
const PLACES = ['/usr/local/bin', '/usr/bin', '/bin'];

/** @throws Error with the cure where there is none. */
export async function ensurePython(): Promise<void> {
  const found = () => PLACES.some((place) => existsSync(`${place}/python3`));
  if (found() || ((await installDebian(['python3-minimal'])) && found())) return;
  throw new Error(`no python3 in ${PLACES.join(', ')}: install Python 3 (Debian: apt-get install python3)`);
}
