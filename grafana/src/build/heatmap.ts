import { TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  HeatmapTooltipBuilder,
  PanelBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import type { Panel, PanelOptions } from './panel.ts';
import { prometheusPanel } from './prometheus-panel.ts';

/** How many observations fell into each bucket of a histogram, over time; the query groups by `le`. */
export function heatmap(title: string, options: PanelOptions): Panel {
  return prometheusPanel(title, options, {
    shape: 'buckets',
    builder: () => new PanelBuilder(),
    finish: (panel) =>
      panel
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
        .yAxis(new YAxisConfigBuilder().unit(options.unit ?? 's'))
        .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true)),
  });
}
