/** Writes docs/metrics.md, the measured numbers and the tables of compose.yaml into README and docs: `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './documents.ts';
import { withFigures } from './figure-tables.ts';
import { withManifestTables } from './manifest-tables.ts';
import { metricsPage } from './metrics-page.ts';

const root = join(import.meta.dirname, '..', '..');
writeFileSync(join(root, 'docs', 'metrics.md'), metricsPage());
for (const path of documents(root)) {
  const text = readFileSync(join(root, path), 'utf8');
  const made = withManifestTables(withFigures(text));
  if (made !== text) {
    writeFileSync(join(root, path), made);
    console.error(`${path}: tables written`);
  }
}
