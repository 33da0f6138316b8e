/** Writes a Brotli and a gzip copy beside each built file that gets smaller by it, for the server to choose from. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = new Set(['.js', '.css', '.svg', '.txt']);

export function precompress(): Plugin {
  let folder = 'dist';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = await readdir(folder, { recursive: true });
      const chosen = files.filter((file) => COMPRESSIBLE.has(extname(file)));
      await Promise.all(chosen.map((file) => compress(join(folder, file))));
    },
  };
}

async function compress(path: string): Promise<void> {
  const plain = await readFile(path);
  const copies = {
    br: await promisify(brotliCompress)(plain),
    gz: await promisify(gzip)(plain, { level: 9 }),
  };
  for (const [suffix, copy] of Object.entries(copies)) {
    if (copy.length < plain.length) await writeFile(`${path}.${suffix}`, copy);
  }
}
