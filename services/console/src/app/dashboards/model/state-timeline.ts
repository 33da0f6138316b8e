/** States over time: stretches of one value in a row for each series. */
import { formatText } from '../../format/units.ts';
import { type Color, namedColor } from './colors.ts';
import { fieldColor } from './field-color.ts';
import type { FieldConfig } from './field-config.ts';
import type { Cell, NamedField } from './frame.ts';
import { mapValue } from './value-mappings.ts';

export interface StateSegment {
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
  text: string;
  color: Color;
}

export interface StateRow {
  label: string;
  segments: readonly StateSegment[];
}

/** The word and the colour for a state: a mapping's first, then thresholds or palette. */
export function describeState(
  config: FieldConfig,
  value: Cell,
  index: number,
): { text: string; color: Color } {
  const mapped = mapValue(config.mappings, value);
  const numeric = typeof value === 'number' ? value : undefined;
  const text =
    mapped?.text ??
    (typeof value === 'number' ? formatText(value, config.unit, config.decimals) : (value ?? 'no data'));
  const mode = config.colorMode === 'palette-classic' ? { ...config, colorMode: 'thresholds' } : config;
  const color = mapped?.color
    ? namedColor(mapped.color)
    : fieldColor(mode, { index, value: numeric, min: config.min, max: config.max });
  return { text, color };
}

/**
 * @param stepSeconds a sample speaks for one step; a longer silence is a gap, not a state.
 * @param toMs end of the panel's range, where the last stretch is cut.
 */
export function stateRows(
  frames: readonly (readonly NamedField[])[],
  stepSeconds: number,
  toMs: number,
): StateRow[] {
  return frames.flatMap((frame) => {
    const time = frame.find((field) => field.type === 'time');
    if (!time) return [];
    return frame
      .filter((field) => field !== time && !field.config.custom.hideInViz)
      .map((field, index) => ({
        label: field.displayName,
        segments: segments(time, field, index, stepSeconds, toMs),
      }));
  });
}

function segments(
  time: NamedField,
  field: NamedField,
  index: number,
  stepSeconds: number,
  toMs: number,
): StateSegment[] {
  const found: (StateSegment & { value: Cell })[] = [];
  time.values.forEach((at, row) => {
    const value = field.values[row] ?? null;
    if (typeof at !== 'number' || value === null) return;
    const until = Math.min(at + stepSeconds * 1000, Math.max(toMs, at));
    const last = found.at(-1);
    const adjoins = last !== undefined && at - last.to <= stepSeconds * 1000 * 0.5;
    if (last !== undefined && adjoins && Object.is(last.value, value)) last.to = until;
    else found.push({ from: at, to: until, value, ...describeState(field.config, value, index) });
  });
  return found.map(({ from, to, text, color }) => ({ from, to, text, color }));
}
