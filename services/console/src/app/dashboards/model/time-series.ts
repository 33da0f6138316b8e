/** What a time series panel draws, worked out without drawing: aligned columns, stacks, axes, limits, legend. */
import { formatText } from '../../format/units.ts';
import type { Color } from './colors.ts';
import { fieldColor } from './field-color.ts';
import type { FieldConfig } from './field-config.ts';
import type { NamedField } from './frame.ts';
import { type Json, oneOf, record, texts } from './read.ts';
import { calculatedUnit, reduce, reducerName } from './reducers.ts';
import { stack } from './stacking.ts';
import { thresholdBands } from './thresholds.ts';

export interface SeriesModel {
  /** Stable over refreshes, for hiding and isolating. */
  key: string;
  label: string;
  labels: Readonly<Record<string, string>>;
  refId: string;
  color: Color;
  /** As measured, for legend and tooltip. */
  values: readonly (number | null)[];
  /** As drawn: stacked or turned upside down. */
  drawn: readonly (number | null)[];
  axis: string;
  config: FieldConfig;
}

export interface AxisModel {
  id: string;
  side: 'left' | 'right';
  unit: string | undefined;
  decimals: number | undefined;
  label: string;
  scale: 'linear' | 'log';
  hidden: boolean;
  min: number | undefined;
  max: number | undefined;
  softMin: number | undefined;
  softMax: number | undefined;
}

export interface ThresholdLine {
  axis: string;
  value: number;
  color: Color;
  dashed: boolean;
}

export interface ThresholdArea {
  axis: string;
  from: number;
  to: number;
  color: Color;
}

export interface TimeSeriesModel {
  /** Seconds since the epoch, ascending: uPlot's x column. */
  times: readonly number[];
  series: readonly SeriesModel[];
  axes: readonly AxisModel[];
  lines: readonly ThresholdLine[];
  areas: readonly ThresholdArea[];
  /** Index pairs `[upper, lower]` into `series`, filled between. */
  bands: readonly (readonly [number, number])[];
}

export interface Grid {
  start: number;
  end: number;
  step: number;
}

/** Every step of the range, plus moments off the grid: a gap in all series at once must stay a gap. */
export function timeColumn(grid: Grid, fields: readonly (readonly NamedField[])[]): number[] {
  const seen = new Set<number>();
  const steps = Math.min(20_000, Math.floor((grid.end - grid.start) / grid.step) + 1);
  for (let index = 0; index < steps; index += 1)
    seen.add(Math.round((grid.start + index * grid.step) * 1000));
  for (const frame of fields)
    for (const at of frame.find((field) => field.type === 'time')?.values ?? [])
      if (typeof at === 'number') seen.add(Math.round(at));
  return [...seen].sort((a, b) => a - b).map((ms) => ms / 1000);
}

/** The field's values on the common time column; infinities cannot be drawn and become gaps. */
function align(times: readonly number[], time: NamedField, field: NamedField): (number | null)[] {
  const byTime = new Map<number, number>();
  time.values.forEach((at, index) => {
    const value = field.values[index];
    if (typeof at === 'number' && typeof value === 'number' && Number.isFinite(value))
      byTime.set(Math.round(at), value);
  });
  return times.map((at) => byTime.get(Math.round(at * 1000)) ?? null);
}

/**
 * Prometheus leaves samples out where nothing matched; short gaps may be bridged on request.
 * @param span true for every gap, or the longest gap in milliseconds.
 */
export function spanGaps(
  times: readonly number[],
  values: readonly (number | null)[],
  span: boolean | number,
): readonly (number | null)[] {
  if (span === false) return values;
  const filled = [...values];
  let last = -1;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === null || value === undefined) continue;
    const [from, to] = [times[last] ?? 0, times[index] ?? 0];
    const short = span === true || (to - from) * 1000 <= span;
    if (last >= 0 && index - last > 1 && short) {
      const start = values[last] ?? 0;
      for (let gap = last + 1; gap < index; gap += 1)
        filled[gap] = start + ((value - start) * ((times[gap] ?? 0) - from)) / (to - from);
    }
    last = index;
  }
  return filled;
}

const axisOf = (config: FieldConfig) => {
  const side = config.custom.axisPlacement === 'right' ? 'right' : 'left';
  const unit = config.custom.stacking === 'percent' ? 'percentunit' : config.unit;
  return { id: `${side}:${unit ?? ''}`, side, unit } as const;
};

/** One axis for each pair of side and unit; a second unit on the left moves to the right, as Grafana does. */
function readAxes(configs: readonly FieldConfig[]): AxisModel[] {
  const axes = new Map<string, AxisModel>();
  for (const config of configs) {
    const { id, side, unit } = axisOf(config);
    const known = axes.get(id);
    const { custom } = config;
    axes.set(id, {
      id,
      side: known?.side ?? (axes.size > 0 && custom.axisPlacement === 'auto' ? 'right' : side),
      unit,
      decimals: config.decimals ?? known?.decimals,
      label: custom.axisLabel || (known?.label ?? ''),
      scale: custom.scale,
      hidden: custom.axisPlacement === 'hidden',
      min: config.min ?? known?.min,
      max: config.max ?? known?.max,
      softMin: custom.axisSoftMin ?? known?.softMin,
      softMax: custom.axisSoftMax ?? known?.softMax,
    });
  }
  return [...axes.values()];
}

function readThresholdMarks(series: readonly SeriesModel[]): Pick<TimeSeriesModel, 'lines' | 'areas'> {
  const lines = new Map<string, ThresholdLine>();
  const areas = new Map<string, ThresholdArea>();
  for (const { axis, config } of series) {
    const style = config.custom.thresholdsStyle;
    if (style === 'off') continue;
    for (const { from, to, color } of thresholdBands(config.thresholds, config)) {
      if (style !== 'area' && Number.isFinite(from))
        lines.set(`${axis} ${from}`, { axis, value: from, color, dashed: style.startsWith('dashed') });
      if (style.endsWith('area')) areas.set(`${axis} ${from}`, { axis, from, to, color });
    }
  }
  return { lines: [...lines.values()], areas: [...areas.values()] };
}

export function timeSeriesModel(frames: readonly (readonly NamedField[])[], grid: Grid): TimeSeriesModel {
  const times = timeColumn(grid, frames);
  const plotted = frames.flatMap((frame) => {
    const time = frame.find((field) => field.type === 'time');
    if (!time) return [];
    return frame
      .filter((field) => field.type === 'number' && !field.config.custom.hideInViz)
      .map((field) => ({ field, values: align(times, time, field) }));
  });
  const spanned = plotted.map(({ field, values }) => ({
    values: spanGaps(times, values, field.config.custom.spanNulls),
    config: field.config,
    axis: axisOf(field.config).id,
  }));
  const { drawn, bands } = stack(spanned);
  const series = plotted.map(({ field, values }, index): SeriesModel => {
    const { config, displayName: label, labels, refId } = field;
    const [value, min, max] = [reduce('lastNotNull', values), config.min, config.max];
    return {
      key: `${refId} ${label} ${JSON.stringify(labels)}`,
      label,
      labels,
      refId,
      color: fieldColor(config, { index, value, min, max }),
      values,
      drawn: drawn[index] ?? [],
      axis: axisOf(config).id,
      config,
    };
  });
  const filledBelow = series.flatMap(({ config }, index): [number, number][] => {
    const below = series.findIndex((other) => other.label === config.custom.fillBelowTo);
    return below >= 0 ? [[index, below]] : [];
  });
  return {
    times,
    series,
    axes: readAxes(series.map(({ config }) => config)),
    ...readThresholdMarks(series),
    bands: [...bands, ...filledBelow],
  };
}

/** The highest point of the picture; zero for an empty one. */
export function highestDrawn({ series }: TimeSeriesModel): number {
  return series.reduce(
    (top, { drawn }) => drawn.reduce<number>((most, value) => Math.max(most, value ?? 0), top),
    0,
  );
}

export function readLegendOptions(options: Json) {
  const legend = record(options['legend']);
  return {
    show: legend['showLegend'] !== false && legend['displayMode'] !== 'hidden',
    mode: oneOf(legend['displayMode'], ['list', 'table'], 'list'),
    placement: oneOf(legend['placement'], ['bottom', 'right'], 'bottom'),
    calcs: texts(legend['calcs']),
    /** A calculation's id, which the file names by its header; undefined leaves the queries' order. */
    sortBy: texts(legend['calcs']).find((id) => reducerName(id) === legend['sortBy']),
    descending: legend['sortDesc'] === true,
  };
}

export type LegendOptions = ReturnType<typeof readLegendOptions>;

export function legendEntries(series: readonly SeriesModel[], calcs: readonly string[]) {
  return series
    .filter(({ config }) => !config.custom.hideInLegend)
    .map(({ key, label, color, values, config }) => ({
      key,
      label,
      color,
      dashed: config.custom.lineDash !== undefined,
      calcs: calcs.map((id) => {
        const value = reduce(id, values);
        const text =
          value === undefined ? '–' : formatText(value, calculatedUnit(id, config.unit), config.decimals);
        return { id, name: reducerName(id), value, text };
      }),
    }));
}

export type LegendEntry = ReturnType<typeof legendEntries>[number];
