import { Empty } from '@lab/ui-kit';
import { useMemo } from 'react';
import type { PanelData } from './load-panel.ts';
import { nameFields } from './model/name-fields.ts';
import type { Panel } from './model/panel.ts';
import { optionalText } from './model/read.ts';
import { BarGaugePanel } from './panels/BarGaugePanel.tsx';
import { GaugePanel } from './panels/GaugePanel.tsx';
import { HeatmapPanel } from './panels/HeatmapPanel.tsx';
import type { PanelBodyProps } from './panels/props.ts';
import { StateTimelinePanel } from './panels/StateTimelinePanel.tsx';
import { StatPanel } from './panels/StatPanel.tsx';
import { TablePanel } from './panels/TablePanel.tsx';
import { TimeSeriesPanel } from './panels/TimeSeriesPanel.tsx';

const BODIES: Readonly<Record<string, (props: PanelBodyProps) => React.ReactNode>> = {
  timeseries: TimeSeriesPanel,
  stat: StatPanel,
  gauge: GaugePanel,
  bargauge: BarGaugePanel,
  table: TablePanel,
  heatmap: HeatmapPanel,
  'state-timeline': StateTimelinePanel,
};

/** A panel's picture, by its type. */
export function PanelBody({ panel, data, title }: { panel: Panel; data: PanelData; title: string }) {
  const fields = useMemo(() => nameFields(data.frames, panel.fieldConfig), [data, panel]);
  const Body = BODIES[panel.type];
  const noValue = optionalText(panel.fieldConfig.defaults['noValue']);
  if (data.frames.every((frame) => frame.fields.every((field) => field.values.length === 0)))
    return (
      <Empty title={noValue ?? 'No data'}>
        {data.queries.length === 1
          ? 'The query ran and matched no series'
          : 'The queries ran and matched no series'}{' '}
        in this time range.
      </Empty>
    );
  return Body && <Body panel={panel} data={data} fields={fields} title={title} />;
}
