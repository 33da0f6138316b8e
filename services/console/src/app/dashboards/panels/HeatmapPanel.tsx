import { Empty } from '@lab/ui-kit';
import { useCallback, useMemo } from 'react';
import { HeatmapChart } from '../../charts/HeatmapChart.tsx';
import { heatmapModel, rowPosition, trimEmptyRows } from '../model/heatmap.ts';
import { optionalText, record } from '../model/read.ts';
import { timeColumn } from '../model/time-series.ts';
import { useDashboard } from '../panel-context.ts';
import type { PanelBodyProps } from './props.ts';
import { useExemplars } from './use-exemplars.ts';

export function HeatmapPanel({ panel, data, fields, title }: PanelBodyProps) {
  const { annotations, crosshair, onZoom } = useDashboard();
  const model = useMemo(
    () => trimEmptyRows(heatmapModel(data.buckets, timeColumn(data.grid, fields))),
    [data, fields],
  );
  const level = useCallback((value: number) => Math.floor(rowPosition(model, value)), [model]);
  const { marks, open } = useExemplars(data, level);
  if (data.buckets.length === 0)
    return (
      <div className="state state-unsupported">
        <p className="state-title">This heatmap cannot be drawn here</p>
        <p className="state-detail">Only histogram buckets of queries with the format “heatmap” can.</p>
      </div>
    );
  if (model.most === 0)
    return <Empty title="Nothing observed">No request fell into any bucket in this time.</Empty>;
  const unit =
    optionalText(record(panel.options['yAxis'])['unit']) ?? optionalText(panel.fieldConfig.defaults['unit']);
  return (
    <HeatmapChart
      model={model}
      step={data.grid.step}
      unit={unit}
      range={data.range}
      annotations={annotations}
      exemplars={marks}
      crosshair={crosshair}
      onZoom={onZoom}
      onExemplar={open}
      label={`${title}: heatmap of ${model.edges.length} buckets over time`}
    />
  );
}
