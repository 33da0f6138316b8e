/** Writes an image of one program that needs no other file, without a container engine. */
import { createHash } from 'node:crypto';
import { tar } from './tar.ts';

export interface SingleProgramImage {
  /** Name with tag. */
  name: string;
  /** File name of the program in the image's root folder. */
  program: string;
  binary: Buffer;
  /** Number of the user as which it runs. */
  user: number;
}

/** The image as a file that `ctr images import` and `docker load` read (docker-archive, one layer). */
export function imageArchive({ name, program, binary, user }: SingleProgramImage): Buffer {
  const layer = tar([{ name: program, mode: 0o755, data: binary }]);
  const layerId = digest(layer);
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Entrypoint: [`/${program}`], User: String(user) },
      rootfs: { type: 'layers', diff_ids: [`sha256:${layerId}`] },
    }),
  );
  const configFile = `${digest(config)}.json`;
  const layerFile = `${layerId}/layer.tar`;
  const manifest = Buffer.from(
    JSON.stringify([{ Config: configFile, RepoTags: [name], Layers: [layerFile] }]),
  );
  return tar([
    { name: configFile, mode: 0o644, data: config },
    { name: layerFile, mode: 0o644, data: layer },
    { name: 'manifest.json', mode: 0o644, data: manifest },
  ]);
}

function digest(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
