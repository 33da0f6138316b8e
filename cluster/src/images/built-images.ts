/** Images that the node needs before any other: made of one program each, without a container engine. */
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureProgram } from '../programs/build.ts';
import { COREDNS, type GoProgram, PAUSE, versionOf } from '../programs/catalogue.ts';
import { imageArchive } from './archive.ts';
import { normalizeImage } from './names.ts';

/** Nobody's: no file of the image belongs to it. */
const USER = 65_532;

/** Name of the image of a program: `docker.io/observability-lab/coredns:v1.15.0`. */
export function builtImage(program: GoProgram): string {
  return normalizeImage(`observability-lab/${program.name}:${versionOf(program)}`);
}

export interface BuiltImage {
  name: string;
  /** The image as a file. */
  archive: string;
}

/** Builds what is not in the cache. @throws CannotRun as ensureProgram does. */
export async function ensureBuiltImages(
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<BuiltImage[]> {
  const images: BuiltImage[] = [];
  for (const program of [PAUSE, COREDNS]) {
    const binary = await ensureProgram(program, progress, signal);
    const archive = join(dirname(binary), 'image.tar');
    const name = builtImage(program);
    if (!existsSync(archive)) {
      const draft = `${archive}.${process.pid}`;
      const data = await readFile(binary);
      await writeFile(draft, imageArchive({ name, program: program.name, binary: data, user: USER }));
      await rename(draft, archive);
    }
    images.push({ name, archive });
  }
  return images;
}
