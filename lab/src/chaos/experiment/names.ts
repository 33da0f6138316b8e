/** The names of parts and services that experiments may use: this is the one place where they come from. */
import { readManifest } from '@lab/manifest';
import { z } from 'zod';
import { MODES } from '../../settings/mode.ts';
import { labPaths } from '../../settings/paths.ts';

export interface Names {
  /** Every part of any mode. */
  readonly part: readonly string[];
  /** The services that take faults and write a log file. */
  readonly service: readonly string[];
}

const NAME = /^[a-z][a-z0-9-]*$/;

/** Loading an experiment checks that there is such a part; a guardian's note is not refused for that. */
export const partName = z.string().regex(NAME, 'expected the name of a part, such as api');
export const serviceName = z.string().regex(NAME, 'expected the name of a service, such as api');
/** Says that a step is of one mode only: a part may be another one there. */
export const onlyMode = z.enum(MODES).optional();

/** @param root the checkout whose compose.yaml is read. @throws ManifestError where that is wrong. */
export function knownNames(root = labPaths().root): Names {
  const { parts } = readManifest(root);
  const names = (some: typeof parts) => some.map(({ name }) => name).sort();
  return { part: names(parts), service: names(parts.filter(({ faults }) => faults)) };
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
