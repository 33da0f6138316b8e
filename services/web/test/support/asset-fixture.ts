import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const SCRIPT = `console.log(${JSON.stringify('x'.repeat(500))});\n`;

/** A tiny built app. */
export async function writeBuiltApp(folder: string): Promise<void> {
  await mkdir(join(folder, 'assets'), { recursive: true });
  const files: Record<string, string | Buffer> = {
    'index.html': '<!doctype html><title>App</title><!-- trace-context --><div id="app"></div>',
    'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'assets/index-B0rPu95u.js': SCRIPT,
    'assets/index-B0rPu95u.js.br': brotliCompressSync(SCRIPT),
    'assets/index-B0rPu95u.js.gz': gzipSync(SCRIPT),
    'secret.env': 'PASSWORD=1',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}
