import { useMemo } from 'react';
import { StateChart } from '../../charts/StateChart.tsx';
import { stateRows } from '../model/state-timeline.ts';
import { useDashboard } from '../panel-context.ts';
import type { PanelBodyProps } from './props.ts';

export function StateTimelinePanel({ data, fields, title }: PanelBodyProps) {
  const { crosshair, onZoom } = useDashboard();
  const rows = useMemo(() => stateRows(fields, data.grid.step, data.range.to), [fields, data]);
  const latest = rows.map(({ label, segments }) => `${label} ${segments.at(-1)?.text ?? 'no data'}`);
  return (
    <StateChart
      rows={rows}
      range={data.range}
      crosshair={crosshair}
      onZoom={onZoom}
      label={`${title}. Now: ${latest.join(', ')}`}
    />
  );
}
