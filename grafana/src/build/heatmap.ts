import { TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  HeatmapTooltipBuilder,
  PanelBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { common, type Panel, type PanelOptions } from './panel.ts';
import { PROMETHEUS, target } from './query.ts';

/** How many observations fell into each bucket of a histogram, over time; the query groups by `le`. */
export function heatmap(title: string, options: PanelOptions): Panel {
  const { about, queries, width = 12, height = 8, unit = 's' } = options;
  return {
    title,
    about,
    queries,
    width,
    height,
    build: (id, place) =>
      common(new PanelBuilder(), { id, place, title, options })
        .datasource(PROMETHEUS)
        .targets(queries.map((query, index) => target(query, index, 'buckets')))
        .calculate(false)
        .color(
          new HeatmapColorOptionsBuilder()
            .mode(HeatmapColorMode.Scheme)
            .scheme('Purples')
            .scale(HeatmapColorScale.Exponential)
            .exponent(0.5)
            .steps(64),
        )
        .cellGap(1)
        .exemplarsColor('rgba(255,152,48,0.9)')
        .yAxis(new YAxisConfigBuilder().unit(unit))
        .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true)),
  };
}
