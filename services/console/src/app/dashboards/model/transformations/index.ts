/** Grafana's transformations that dashboards commonly need; the others are named in the panel instead of being ignored. */
import type { Frame } from '../frame.ts';
import { text } from '../read.ts';
import { CALCULATION_MODES, calculateField } from './calculate-field.ts';
import { filterFieldsByName, limit, organize, renameByRegex } from './choose-fields.ts';
import { joinByField } from './join.ts';
import { labelsToFields } from './labels-to-fields.ts';
import { merge } from './merge.ts';
import { reduceFrames } from './reduce.ts';
import { seriesToRows } from './series-to-rows.ts';
import { sortBy } from './sort.ts';
import type { Transform, Transformation } from './transformation.ts';

export { readTransformations, type Transformation } from './transformation.ts';

const TRANSFORMS: Readonly<Record<string, Transform>> = {
  organize,
  merge,
  reduce: reduceFrames,
  joinByField,
  seriesToColumns: joinByField,
  labelsToFields,
  seriesToRows,
  filterFieldsByName,
  renameByRegex,
  sortBy,
  limit,
  calculateField,
};

/** Returns the transformations, in words, that {@link transform} does not know. */
export function unsupportedTransformations(transformations: readonly Transformation[]): string[] {
  return transformations.flatMap(({ id, options }) => {
    if (!(id in TRANSFORMS)) return [id];
    const mode = text(options['mode'], 'reduceRow');
    return id === 'calculateField' && !CALCULATION_MODES.includes(mode) ? [`${id} (${mode})`] : [];
  });
}

/** Applies in order what is known; see {@link unsupportedTransformations} for the rest. */
export function transform(frames: readonly Frame[], transformations: readonly Transformation[]): Frame[] {
  return transformations.reduce<Frame[]>(
    (current, { id, options }) => TRANSFORMS[id]?.(current, options) ?? current,
    [...frames],
  );
}
