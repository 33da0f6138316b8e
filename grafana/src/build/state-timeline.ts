import {
  LegendDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { COLOR } from './colors.ts';
import type { Panel, PanelOptions } from './panel.ts';
import { prometheusPanel } from './prometheus-panel.ts';

export interface StateTimelineOptions extends PanelOptions {
  states: readonly ValueMapping[];
}

/** What a value means, in a word and a colour. */
export interface State {
  value: number;
  text: string;
  color: string;
}

export function states(...list: readonly State[]): ValueMapping[] {
  return [
    {
      type: MappingType.ValueToText,
      options: Object.fromEntries(
        list.map(({ value, text, color }, index) => [String(value), { text, color, index }]),
      ),
    },
  ];
}

export const UP_OR_DOWN = states(
  { value: 1, text: 'up', color: COLOR.good },
  { value: 0, text: 'down', color: COLOR.errors },
);

/** Ordered, not broken: on is worth a look, and nobody's outage. */
export const ON_OR_OFF = states(
  { value: 0, text: 'off', color: 'super-light-green' },
  { value: 1, text: 'on', color: COLOR.refused },
);

/** A row for each series, coloured by its state. */
export function stateTimeline(title: string, options: StateTimelineOptions): Panel {
  return prometheusPanel(title, options, {
    shape: 'series',
    builder: () => new PanelBuilder(),
    finish: (panel) =>
      panel
        .mappings([...options.states])
        .mergeValues(true)
        .showValue(VisibilityMode.Never)
        .rowHeight(0.8)
        .lineWidth(0)
        .fillOpacity(80)
        .legend(new VizLegendOptionsBuilder().showLegend(false).displayMode(LegendDisplayMode.List)),
  });
}
