/** Stacks of a time series panel, by the rules of Grafana 12.4 (`getStackingGroups` and `preparePlotData2` of `@grafana/ui`). */
import type { FieldConfig } from './field-config.ts';

export interface Stackable {
  values: readonly (number | null)[];
  config: FieldConfig;
  /** The id of its axis: series of different axes never stand on one another. */
  axis: string;
}

interface Group {
  /** 1 upwards, -1 downwards. */
  direction: 1 | -1;
  percent: boolean;
  members: number[];
}

/** How many values are looked at to find the direction of a series. */
const SAMPLES = 100;

/** Tells whether a series lies below zero: more of its values do than do not. */
function isNegative(values: readonly (number | null)[]): boolean {
  const known = values.filter((value) => value !== null);
  const stride = Math.max(1, Math.floor(known.length / SAMPLES));
  const seen = known.filter((_, index) => index % stride === 0);
  return seen.filter((value) => value < 0).length > seen.filter((value) => value > 0).length;
}

function directionOf({ values, config }: Stackable): 1 | -1 {
  return isNegative(values) === config.custom.negative ? 1 : -1;
}

/** Series of one group, mode, direction, axis and style stand on one another. */
function groups(series: readonly Stackable[]): Group[] {
  const found = new Map<string, Group>();
  series.forEach((each, index) => {
    const { stacking, stackingGroup, drawStyle, lineInterpolation } = each.config.custom;
    if (stacking === 'none') return;
    const direction = directionOf(each);
    const style = drawStyle === 'line' ? lineInterpolation : '';
    const key = JSON.stringify([direction, stacking, stackingGroup, each.axis, drawStyle, style]);
    const group = found.get(key) ?? { direction, percent: stacking === 'percent', members: [] };
    group.members.push(index);
    found.set(key, group);
  });
  return [...found.values()];
}

/** Adds up the members. Where one has no value it adds nothing; where none has one there is a gap. */
function pile(members: readonly (readonly (number | null)[])[], percent: boolean, direction: 1 | -1) {
  const width = members[0]?.length ?? 0;
  const drawn = members.map((): (number | null)[] => Array<number | null>(width).fill(null));
  for (let row = 0; row < width; row += 1) {
    if (members.every((values) => (values[row] ?? null) === null)) continue;
    let top = 0;
    for (const [index, values] of members.entries()) {
      top += values[row] ?? 0;
      const column = drawn[index];
      if (column) column[row] = top;
    }
    if (percent)
      for (const column of drawn) column[row] = top === 0 ? 0 : direction * ((column[row] ?? 0) / top);
  }
  return drawn;
}

/**
 * Returns the values as drawn, turned upside down or stacked, and the pairs `[upper, lower]` of series between which to fill.
 * Percent stacks are shares of one, of the stacked series alone.
 */
export function stack(series: readonly Stackable[]): {
  drawn: (readonly (number | null)[])[];
  bands: [number, number][];
} {
  const drawn: (readonly (number | null)[])[] = series.map(({ values, config }) =>
    config.custom.negative ? values.map((value) => (value === null ? null : -value)) : values,
  );
  const bands: [number, number][] = [];
  for (const { members, percent, direction } of groups(series)) {
    const piled = pile(
      members.map((index) => drawn[index] ?? []),
      percent,
      direction,
    );
    members.forEach((index, place) => {
      drawn[index] = piled[place] ?? [];
      const below = members[place - 1];
      if (below !== undefined) bands.push([index, below]);
    });
  }
  return { drawn, bands };
}
