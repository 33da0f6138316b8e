import { type Color, namedColor, PALETTE } from './colors.ts';
import type { FieldConfig } from './field-config.ts';
import { activeThreshold } from './thresholds.ts';

export interface ColorContext {
  /** Position among the panel's series. */
  index: number;
  /** What thresholds judge: usually the last value. */
  value: number | undefined;
  min: number | undefined;
  max: number | undefined;
}

/** The field's colour by its mode: fixed, by thresholds, by palette, or on a scale between min and max. */
export function fieldColor(config: FieldConfig, { index, value, min, max }: ColorContext): Color {
  const { colorMode, fixedColor } = config;
  if (colorMode === 'fixed' || colorMode === 'shades') return namedColor(fixedColor ?? 'blue');
  if (colorMode === 'thresholds') return activeThreshold(config.thresholds, value, { min, max }).color;
  if (colorMode.startsWith('continuous-')) return continuous(colorMode, value, min, max);
  return PALETTE[index % PALETTE.length] ?? 'var(--c-blue)';
}

/** `continuous-GrYlRd` and its kin, as a mix of two or three hues. */
export function continuous(
  mode: string,
  value: number | undefined,
  min: number | undefined,
  max: number | undefined,
): Color {
  const hues = (mode.slice('continuous-'.length).match(/[A-Z][a-z]+/g) ?? []).map(
    (short) => CONTINUOUS[short] ?? 'var(--c-blue)',
  );
  const [low, high] = [min ?? 0, max ?? 100];
  const share =
    value === undefined || high <= low ? 0 : Math.min(1, Math.max(0, (value - low) / (high - low)));
  const at = share * (hues.length - 1);
  const [from, to] = [hues[Math.floor(at)], hues[Math.ceil(at)]];
  if (from === undefined || to === undefined) return 'var(--c-blue)';
  if (from === to) return from;
  return `color-mix(in oklab, ${to} ${Math.round((at - Math.floor(at)) * 100)}%, ${from})`;
}

const CONTINUOUS: Readonly<Record<string, Color>> = {
  Gr: 'var(--c-green)',
  Yl: 'var(--c-amber)',
  Rd: 'var(--c-red)',
  Bl: 'var(--c-blue)',
  Pu: 'var(--c-violet)',
  Reds: 'var(--c-red)',
  Greens: 'var(--c-green)',
  Blues: 'var(--c-blue)',
  Oranges: 'var(--c-orange)',
  Purples: 'var(--c-violet)',
};
