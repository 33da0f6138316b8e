import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Panel, PanelOptions } from './panel.ts';
import { prometheusPanel } from './prometheus-panel.ts';
import { type Step, thresholds } from './thresholds.ts';

export interface StatOptions extends PanelOptions {
  /** The colour by the value. */
  steps: readonly Step[];
  /** Without a little curve: for states and sums over the whole range. */
  plain?: boolean;
  /** Words for values. */
  mappings?: readonly ValueMapping[];
  /** Which of the values in the time shown; the newest, if not said. */
  calc?: 'lastNotNull' | 'mean' | 'max';
  /** One tile a series, each named. */
  named?: boolean;
}

/** One number, large. */
export function stat(title: string, options: StatOptions): Panel {
  return prometheusPanel(title, options, {
    shape: 'series',
    width: 4,
    height: 4,
    builder: () => new PanelBuilder(),
    finish: (panel) => {
      panel
        .colorMode(BigValueColorMode.Value)
        .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
        .graphMode(options.plain ? BigValueGraphMode.None : BigValueGraphMode.Area)
        .textMode(options.named ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
        .orientation(VizOrientation.Auto)
        .reduceOptions(
          new ReduceDataOptionsBuilder()
            .calcs([options.calc ?? 'lastNotNull'])
            .values(false)
            .fields(''),
        )
        .thresholds(thresholds(options.steps));
      if (options.mappings !== undefined) panel.mappings([...options.mappings]);
      return panel;
    },
  });
}
