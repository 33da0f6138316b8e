/** The names of parts and services that experiments may use: this is the one place where they come from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { labPaths } from '../../settings/paths.ts';
import { modeSchema } from '../../settings/settings.ts';
import { SERVICES, type ServiceName } from '../../stack/stack.ts';

export interface Names {
  /** Every part of any mode. */
  readonly part: readonly string[];
  /** The services that take faults and write a log file. */
  readonly service: readonly string[];
}

const NAME = /^[a-z][a-z0-9-]*$/;

/** Whether there is such a part is seen when an experiment is loaded; a guardian's note is not refused for that. */
export const partName = z.string().regex(NAME, 'expected the name of a part, such as api');
export const serviceName = z.custom<ServiceName>(
  (value) => typeof value === 'string' && NAME.test(value),
  'expected the name of a service, such as api',
);
/** Says that a step is of one mode only: a part may be another one there. */
export const onlyMode = modeSchema.optional();

/** A part of lite that is not called as in compose.yaml. */
const LITE_ALONE = ['database-proxy'];

/** @param root the checkout whose compose.yaml is read. */
export function knownNames(root = labPaths().root): Names {
  const { services } = z
    .object({ services: z.record(z.string(), z.unknown()) })
    .parse(parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }));
  return { part: [...Object.keys(services), ...LITE_ALONE].sort(), service: SERVICES };
}

/** Returns a line for each name that nothing has: `method.0.part: expected one of api, web, got "wbe"`. */
export function unknownNames(
  steps: Record<'method' | 'rollbacks', readonly object[]>,
  known: Names,
): string[] {
  return (['method', 'rollbacks'] as const).flatMap((field) =>
    steps[field].flatMap((step, index) =>
      Object.entries(step).flatMap(([key, name]) => {
        if ((key !== 'part' && key !== 'service') || known[key].includes(name)) return [];
        return [
          `${field}.${index}.${key}: expected one of ${known[key].join(', ')}, got ${JSON.stringify(name)}`,
        ];
      }),
    ),
  );
}
