import { fieldName } from '../field-name.ts';
import type { Field, Frame } from '../frame.ts';
import { optionalText, texts } from '../read.ts';
import { column, rowCount, type Transform, unnamed } from './transformation.ts';

const hasLabels = (field: Field) => Object.keys(field.labels).length > 0;

/** Makes a column of each label in each frame, or (`rows`) a table of names and values of each series. */
export const labelsToFields: Transform = (frames, options) => {
  const kept = Array.isArray(options['keepLabels']) ? texts(options['keepLabels']) : undefined;
  if (options['mode'] === 'rows') return labelTables(frames, kept);
  const valueLabel = optionalText(options['valueLabel']);
  return frames.map((frame) => labelColumns(frame, kept?.length ? kept : undefined, valueLabel));
};

/** @param valueLabel the label that becomes the name of the value's column. */
function labelColumns(
  frame: Frame,
  kept: readonly string[] | undefined,
  valueLabel: string | undefined,
): Frame {
  const found = new Map<string, Set<string>>();
  const fields = frame.fields.map((field) => {
    if (!hasLabels(field)) return field;
    let { name } = field;
    for (const [label, value] of Object.entries(field.labels)) {
      if (kept !== undefined && !kept.includes(label)) continue;
      if (label === valueLabel) name = value;
      else found.set(label, (found.get(label) ?? new Set()).add(value));
    }
    return { ...unnamed(field), name, labels: {} };
  });
  const rows = rowCount(frame);
  const labels = [...found].flatMap(([label, values]) =>
    [...values].map((value) => column(label, 'string', Array<string>(rows).fill(value))),
  );
  return { ...frame, fields: [...fields, ...labels] };
}

/** Makes a table of each series; where there are several, the columns begin with the name of the series. */
function labelTables(frames: readonly Frame[], kept: readonly string[] | undefined): Frame[] {
  const tables = frames.flatMap((frame) =>
    frame.fields.filter(hasLabels).map((field) => {
      const names = kept ?? Object.keys(field.labels);
      const values = names.map((name) => field.labels[name] ?? null);
      const series = fieldName(field, frame, frames);
      return { frame, series, fields: [column('label', 'string', names), column('value', 'string', values)] };
    }),
  );
  const filled = tables.filter(({ fields }) => fields[0]?.values.length);
  return filled.map(({ frame, series, fields }) => ({
    ...frame,
    fields:
      filled.length < 2 ? fields : fields.map((field) => ({ ...field, title: `${series} ${field.name}` })),
  }));
}
