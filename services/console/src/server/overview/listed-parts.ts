/** Reads the list of the parts that this lab has, which `lab` writes beside Prometheus' targets. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const listedPartsSchema = z.array(
  z.object({
    /** Its name in compose.yaml. */
    name: z.string(),
    title: z.string(),
    service: z.string(),
    /** Null: Prometheus does not ask it for metrics. */
    job: z.string().nullable(),
  }),
);
export type ListedPart = z.infer<typeof listedPartsSchema>[number];

/** Read for each answer, so that an added part is there after `make reload`. @throws Error that names the file. */
export async function readListedParts(file: string): Promise<ListedPart[]> {
  try {
    return listedPartsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new Error(`the list of parts, ${file}, cannot be read: run \`make reload\``, { cause });
  }
}
