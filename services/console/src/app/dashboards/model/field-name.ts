/** Names of columns and series, by the rules of Grafana (`getFieldDisplayName`), which the differential tests confirm. */
import type { Labels } from '../../prometheus/result.ts';
import type { Field, Frame } from './frame.ts';

/** Returns `{job="api", route="/a"}`, labels in the order of their names; empty without labels. */
export function labelsText(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}="${labels[name]}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(', ')}}`;
}

/** Returns the one label name that all fields share, undefined where there are several or none. */
function onlyLabel(frames: readonly Frame[]): string | undefined {
  const names = new Set(frames.flatMap(({ fields }) => fields.flatMap(({ labels }) => Object.keys(labels))));
  return names.size === 1 ? [...names][0] : undefined;
}

/** Returns the name with a number where another column of the frame has the same. */
function unique(field: Field, frame: Frame): string {
  const twins = frame.fields.filter(({ name }) => name === field.name);
  return twins.length < 2 ? field.name : `${field.name} ${twins.indexOf(field) + 1}`;
}

/**
 * Returns what a person reads as the field's name: its title, its legend, or its own name and labels.
 * @param frames all frames of the panel: they tell whether one label is enough to tell series apart.
 */
export function fieldName(field: Field, frame: Frame, frames: readonly Frame[] = [frame]): string {
  const given = field.title || field.legend;
  if (given) return given;
  const labelled = Object.keys(field.labels).length > 0;
  if (field.type === 'time' && !labelled) return field.name;
  const parts = field.name === 'Value' ? [] : [field.name];
  if (labelled) {
    const only = onlyLabel(frames);
    const text = only === undefined ? labelsText(field.labels) : field.labels[only];
    if (text) parts.push(text);
  }
  const name = parts.join(' ') || field.name;
  return name === field.name ? unique(field, frame) : name;
}

/** Returns the name of a frame: that of its only series, or those of all its columns but the time. */
export function frameName(frame: Frame): string {
  return frame.fields
    .filter(({ type }) => type !== 'time')
    .map((field) => fieldName(field, frame))
    .join(', ');
}
