import { type Color, namedColor } from './colors.ts';
import type { Thresholds } from './field-config.ts';

interface Scale {
  min: number | undefined;
  max: number | undefined;
}

/** A step's place on the value axis: percentages are of the field's min to max. */
export function thresholdPosition(thresholds: Thresholds, value: number, { min, max }: Scale): number {
  if (thresholds.mode === 'absolute') return value;
  const [low, high] = [min ?? 0, max ?? 100];
  return low + (value / 100) * (high - low);
}

/** The step that a value has reached; without a value the base step, and without steps a neutral green as Grafana has it. */
export function activeThreshold(
  thresholds: Thresholds,
  value: number | undefined,
  scale: Scale,
): { color: Color; index: number } {
  const reached = thresholds.steps.findLastIndex(
    (step) =>
      step.value === undefined ||
      (value !== undefined && value >= thresholdPosition(thresholds, step.value, scale)),
  );
  const index = Math.max(0, reached);
  return { color: namedColor(thresholds.steps[index]?.color ?? 'green'), index };
}

export interface ThresholdBand {
  from: number;
  to: number;
  color: Color;
}

/** Stretches of the value axis by colour, for areas behind a graph and for a gauge's rim. The base step starts at -∞. */
export function thresholdBands(thresholds: Thresholds, scale: Scale): ThresholdBand[] {
  const positions = thresholds.steps.map((step) =>
    step.value === undefined ? Number.NEGATIVE_INFINITY : thresholdPosition(thresholds, step.value, scale),
  );
  return thresholds.steps.map((step, index) => ({
    from: positions[index] ?? Number.NEGATIVE_INFINITY,
    to: positions[index + 1] ?? Number.POSITIVE_INFINITY,
    color: namedColor(step.color),
  }));
}
