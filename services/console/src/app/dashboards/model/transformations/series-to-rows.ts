import { frameName } from '../field-name.ts';
import type { Cell, Field, Frame } from '../frame.ts';
import { sortFrame } from './sort.ts';
import { column, madeOf, rowCount, type Transform } from './transformation.ts';

/** How many times Grafana looks at to see whether they rise. */
const LOOKED_AT = 100;

const rises = ({ values }: Field) =>
  values
    .slice(0, LOOKED_AT)
    .every((value, index) => index === 0 || Number(value) > Number(values[index - 1]));

function isTimeSeries({ fields }: Frame): boolean {
  return (
    fields.some((field) => field.type === 'time' && rises(field)) &&
    fields.some(({ type }) => type === 'number')
  );
}

/** Puts all points of all series into one table of time, name and value, the newest first. */
export const seriesToRows: Transform = (frames) => {
  if (frames.length === 0) return [];
  const filled = frames.filter((frame) => rowCount(frame) > 0);
  if (!filled.every(isTimeSeries)) return filled;
  const rows = filled.flatMap((frame) => {
    const at = frame.fields.findIndex(({ type }) => type === 'time');
    const name = frameName(frame);
    // The column beside the time, whatever it is: Grafana looks no further.
    const [times, values] = [frame.fields[at]?.values ?? [], frame.fields[at === 0 ? 1 : 0]?.values ?? []];
    return times.map((time, row): [Cell, Cell, Cell] => [time, name, values[row] ?? null]);
  });
  if (filled.length === 0) return [{ refId: madeOf('seriesToRows', filled), fields: [] }];
  const time = column(
    'Time',
    'time',
    rows.map(([at]) => at),
  );
  const fields = [
    time,
    column(
      'Metric',
      'string',
      rows.map(([, name]) => name),
    ),
    column(
      'Value',
      'number',
      rows.map(([, , value]) => value),
    ),
  ];
  return [sortFrame({ refId: madeOf('seriesToRows', filled), fields }, time, true)];
};
