import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const entry = z.union([
  z.strictObject({ rationale: z.string().min(20), experiment: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/) }),
  z.strictObject({ rationale: z.string().min(20), unrehearsed: z.string().min(20) }),
]);

/** Why an alert is as it is, and what proves it: an experiment's name, or why there is none. */
export type CatalogueEntry = z.infer<typeof entry>;

/** `prometheus/alerts.yaml`, by alert name. Throws an Error that names the entry and field where one is wrong. */
export function readCatalogue(): ReadonlyMap<string, CatalogueEntry> {
  const text = readFileSync(new URL('../../alerts.yaml', import.meta.url), 'utf8');
  const result = z.record(z.string(), entry).safeParse(parse(text));
  if (!result.success) throw new Error(`prometheus/alerts.yaml: ${z.prettifyError(result.error)}`);
  return new Map(Object.entries(result.data));
}
