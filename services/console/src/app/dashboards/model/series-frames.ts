/** Prometheus' answers as frames, as Grafana's data source makes them. */
import type { Labels, Series } from '../../prometheus/result.ts';
import { labelsText } from './field-name.ts';
import type { Cell, Field, Frame } from './frame.ts';

/** `{{method}} {{route}}` filled from labels; unknown labels become empty, as in Prometheus. */
export function fillLegend(template: string, labels: Labels): string {
  return template.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? '');
}

/**
 * Returns the name that Grafana's data source gives a series: the format filled in; without one the series as PromQL writes it, or the
 * query where it has no labels; with `__auto` none, so that its labels name it.
 */
function legendOf(labels: Labels, legendFormat: string | undefined, expr: string): string | undefined {
  if (legendFormat === '__auto' && Object.keys(labels).length > 0) return undefined;
  if (legendFormat !== undefined && legendFormat !== '__auto') return fillLegend(legendFormat, labels);
  const { __name__: name = '', ...others } = labels;
  const text = `${name}${labelsText(others)}`;
  return text === '' ? expr : text;
}

/** Makes one frame a series: its times and its values. @param expr the query, for the name of a series without labels. */
export function seriesFrames(
  refId: string,
  series: readonly Series[],
  legendFormat: string | undefined,
  expr = '',
): Frame[] {
  return series.map(({ labels, times, values }) => ({
    refId,
    fields: [
      { name: 'Time', type: 'time', labels: {}, values: times.map((at) => at * 1000), legend: undefined },
      {
        name: labels['__name__'] ?? 'Value',
        type: 'number',
        labels,
        values,
        legend: legendOf(labels, legendFormat, expr),
      },
    ],
  }));
}

/**
 * One table from all series: time, a column for each label, the value (Grafana's `format: table`).
 * @param severalQueries then the value's column is named after its query, `Value #A`.
 */
export function tableFrame(refId: string, series: readonly Series[], severalQueries: boolean): Frame {
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].sort();
  const rows = series.flatMap(({ labels, times, values }) =>
    times.map((at, index) => ({ labels, at: at * 1000, value: values[index] ?? null })),
  );
  const column = (name: string, type: Field['type'], values: Cell[]): Field => ({
    name,
    type,
    labels: {},
    values,
    legend: undefined,
  });
  return {
    refId,
    fields: [
      column(
        'Time',
        'time',
        rows.map((row) => row.at),
      ),
      ...names.map((name) =>
        column(
          name,
          'string',
          rows.map((row) => row.labels[name] ?? null),
        ),
      ),
      column(
        severalQueries ? `Value #${refId}` : 'Value',
        'number',
        rows.map((row) => row.value),
      ),
    ],
  };
}
