import type { ExemplarMark } from '../../charts/marks.ts';
import type { Exemplar } from '../../prometheus/result.ts';

/** Labels under which programs are known to put the trace's id; ours is the first (FACTS, C). */
const TRACE_LABELS = ['trace_id', 'traceId', 'traceID'] as const;

export function exemplarMarks(exemplars: readonly Exemplar[]): ExemplarMark[] {
  return exemplars
    .filter(({ time, value }) => Number.isFinite(time) && Number.isFinite(value))
    .map(({ time, value, labels, seriesLabels }) => {
      const { __name__: _, le: __, ...rest } = seriesLabels;
      const name = TRACE_LABELS.find((label) => labels[label] !== undefined);
      return {
        time,
        value,
        traceId: name === undefined ? undefined : labels[name],
        labels: { ...rest, ...labels },
      };
    });
}
