import {
  GraphGradientMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel, PanelOptions } from './panel.ts';
import { prometheusPanel } from './prometheus-panel.ts';
import { type Query, refId } from './query.ts';
import { type Step, thresholds } from './thresholds.ts';

export interface TimeSeriesOptions extends PanelOptions {
  /** Lines across, with the alert's or objective's colour. */
  limits?: readonly Step[];
  stacked?: boolean;
  /** A table with these calculations, for panels whose series are compared by number. */
  legend?: 'list' | 'table' | 'none';
  /** Steps, not slopes: states and counts. */
  steps?: boolean;
  /** Per cent of the area below a line. */
  fill?: number;
  softMax?: number;
  /** The axis does not begin at zero; one that is stacked or mirrored never does. */
  openBelow?: boolean;
}

/** Lines over time. */
export function timeSeries(title: string, options: TimeSeriesOptions): Panel {
  const { stacked, queries, openBelow = stacked || queries.some(({ mirrored }) => mirrored) } = options;
  return prometheusPanel(title, openBelow ? options : { min: 0, ...options }, {
    shape: 'series',
    builder: () => new PanelBuilder(),
    finish: (panel) => drawn(panel, options),
  });
}

function drawn(panel: PanelBuilder, options: TimeSeriesOptions): PanelBuilder {
  const { queries, limits, stacked = false, steps = false, fill, softMax } = options;
  panel
    .lineWidth(1.5)
    .fillOpacity(fill ?? (stacked ? 25 : isSingleLine(queries) ? 8 : 0))
    .gradientMode(GraphGradientMode.None)
    .lineInterpolation(steps ? LineInterpolation.StepAfter : LineInterpolation.Linear)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .legend(legend(options.legend ?? 'list'))
    .overrides(queries.flatMap(overrides));
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (softMax !== undefined) panel.axisSoftMax(softMax);
  if (limits !== undefined) {
    panel
      .thresholds(thresholds(limits))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return panel;
}

/** A query without a colour of its own may draw many lines, whose areas would hide each other. */
function isSingleLine(queries: readonly Query[]): boolean {
  return queries.length === 1 && queries[0]?.color !== undefined;
}

function legend(mode: 'list' | 'table' | 'none'): VizLegendOptionsBuilder {
  if (mode === 'none') return new VizLegendOptionsBuilder().showLegend(false);
  const options = new VizLegendOptionsBuilder().showLegend(true).placement(LegendPlacement.Bottom);
  return mode === 'list'
    ? options.displayMode(LegendDisplayMode.List)
    : options.displayMode(LegendDisplayMode.Table).calcs(['mean', 'max', 'lastNotNull']);
}

/** What a query says about its own series. */
function overrides(query: Query, index: number) {
  const properties: DynamicConfigValue[] = [];
  if (query.color !== undefined)
    properties.push({ id: 'color', value: { mode: 'fixed', fixedColor: query.color } });
  if (query.dashed) {
    properties.push({ id: 'custom.lineStyle', value: { fill: 'dash', dash: [6, 6] } });
    properties.push({ id: 'custom.fillOpacity', value: 0 });
  }
  if (query.mirrored) properties.push({ id: 'custom.transform', value: 'negative-Y' });
  if (query.fillDownTo !== undefined) {
    properties.push({ id: 'custom.fillBelowTo', value: query.fillDownTo });
    properties.push({ id: 'custom.lineWidth', value: 0 });
    properties.push({ id: 'custom.fillOpacity', value: 18 });
  }
  if (query.rightUnit !== undefined) {
    properties.push({ id: 'unit', value: query.rightUnit });
    properties.push({ id: 'custom.axisPlacement', value: 'right' });
  }
  return properties.length === 0
    ? []
    : [{ matcher: { id: 'byFrameRefID', options: refId(index) }, properties }];
}
