/** Writes the lists of files in the kustomizations of the tools' folders. A test compares them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@lab/manifest';
import { listedKustomizations } from './file-lists.ts';

for (const [path, text] of listedKustomizations(ROOT)) {
  if (readFileSync(join(ROOT, path), 'utf8') === text) continue;
  writeFileSync(join(ROOT, path), text);
  console.log(`wrote ${path}`);
}
