import { type Manifest, readManifest } from '@lab/manifest';
import { parse } from 'yaml';
import { z } from 'zod';
import { downAlerts } from '../parts/down-alerts.ts';
import { ROOT, read } from '../repository.ts';

const entry = z.union([
  z.strictObject({ rationale: z.string().min(20), experiment: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/) }),
  z.strictObject({ rationale: z.string().min(20), unrehearsed: z.string().min(20) }),
]);

/** Why an alert is as it is, and what proves it: an experiment's name, or why there is none. */
export type CatalogueEntry = z.infer<typeof entry>;

/** `prometheus/alerts.yaml`, by alert name. @throws Error that names the entry and field where one is wrong. */
export function readWrittenCatalogue(): Map<string, CatalogueEntry> {
  const result = z.record(z.string(), entry).safeParse(parse(read('prometheus/alerts.yaml')));
  if (!result.success) throw new Error(`prometheus/alerts.yaml: ${z.prettifyError(result.error)}`);
  return new Map(Object.entries(result.data));
}

/** The catalogue, and for each Down alert that it does not name an entry of its own. @throws Error as `readWrittenCatalogue`. */
export function readCatalogue(manifest: Manifest = readManifest(ROOT)): Map<string, CatalogueEntry> {
  const general = downAlerts(manifest).map(({ name, part }): [string, CatalogueEntry] => [
    name,
    {
      rationale: `compose.yaml says that ${part.title} runs. A minute is longer than a restart.`,
      unrehearsed: UNREHEARSED,
    },
  ]);
  return new Map([...general, ...readWrittenCatalogue()]);
}

/** Why no experiment proves a Down alert that the catalogue does not name. */
export const UNREHEARSED =
  'No experiment is named for it in prometheus/alerts.yaml; its rule tests prove it.';
