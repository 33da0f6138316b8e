import { useMemo } from 'react';
import { Link } from 'react-router';
import type { TraceSummary } from '../../contract/traces.ts';
import { timeLabels } from '../charts/axes.ts';
import { latency } from '../format/duration.ts';
import { scatterModel } from './scatter.ts';

interface Props {
  traces: readonly TraceSummary[];
  range: { from: number; to: number };
}

/** When and how long: outliers are seen before they are searched for. A dot leads to its trace; the list below has them all. */
export function Scatter({ traces, range }: Props) {
  const model = useMemo(() => scatterModel(traces, range), [traces, range]);
  const labels = timeLabels(
    [0, 1, 2, 3].map((part) => (range.from + ((range.to - range.from) * part) / 3) / 1000),
  );
  return (
    <figure className="card card-body scatter" aria-label={`${traces.length} traces by time and duration`}>
      <div className="scatter-area">
        {model.ticks.map(({ ms, y }) => (
          <span key={ms} className="scatter-tick" style={{ top: `${y * 100}%` }} aria-hidden="true">
            {latency(ms / 1000)}
          </span>
        ))}
        <div className="scatter-dots">
          {model.dots.map(({ trace, x, y }) => (
            <Link
              key={trace.traceId}
              to={`/traces/${trace.traceId}`}
              className="scatter-dot"
              data-error={trace.errors > 0}
              style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
              title={`${trace.rootOperation}, ${latency(trace.durationMs / 1000)}`}
              aria-hidden="true"
              tabIndex={-1}
            />
          ))}
        </div>
      </div>
      <div className="scatter-axis axis-ends" aria-hidden="true">
        {labels.map((label, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: ticks have only their place
          <span key={index}>{label}</span>
        ))}
      </div>
    </figure>
  );
}
