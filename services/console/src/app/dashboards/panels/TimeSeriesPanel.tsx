import { useCallback, useMemo, useState } from 'react';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { highestDrawn, legendEntries, readLegendOptions, timeSeriesModel } from '../model/time-series.ts';
import { useDashboard } from '../panel-context.ts';
import { Legend } from './Legend.tsx';
import type { PanelBodyProps } from './props.ts';
import { useExemplars } from './use-exemplars.ts';

const EXEMPLAR_ROWS = 6;

export function TimeSeriesPanel({ panel, data, fields, title }: PanelBodyProps) {
  const { annotations, crosshair, onZoom } = useDashboard();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const model = useMemo(() => timeSeriesModel(fields, data.grid), [fields, data]);
  const highest = useMemo(() => highestDrawn(model), [model]);
  const level = useCallback(
    (value: number) => (value > highest ? undefined : Math.floor((value / (highest || 1)) * EXEMPLAR_ROWS)),
    [highest],
  );
  const { marks, open } = useExemplars(data, level);
  const legend = readLegendOptions(panel.options);
  const entries = legendEntries(model.series, legend.calcs);
  return (
    <div className={`chart-with-legend legend-${legend.placement}`}>
      <div className="chart-area">
        <TimeChart
          model={model}
          range={data.range}
          hidden={hidden}
          annotations={annotations}
          exemplars={marks}
          crosshair={crosshair}
          onZoom={onZoom}
          onExemplar={open}
          label={`${title}: ${model.series.length} series over time`}
        />
      </div>
      {legend.show && entries.length > 0 && (
        <Legend title={title} options={legend} entries={entries} hidden={hidden} onHide={setHidden} />
      )}
    </div>
  );
}
