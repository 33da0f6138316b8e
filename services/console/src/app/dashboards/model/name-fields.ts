/** Fields with their final names and configurations. */
import { type FieldConfigSource, fieldConfigFor, readFieldConfig } from './field-config.ts';
import { fieldName } from './field-name.ts';
import type { Field, Frame, NamedField } from './frame.ts';

const EMPTY_CONFIG = readFieldConfig({});

/** Names every field and gives it the configuration that defaults and overrides add up to. */
export function nameFields(frames: readonly Frame[], source: FieldConfigSource): NamedField[][] {
  return frames.map((frame) =>
    frame.fields.map((field) => {
      const computed = fieldName(field, frame, frames);
      const config =
        field.type === 'time' && source.overrides.length === 0
          ? EMPTY_CONFIG
          : fieldConfigFor(source, {
              displayName: computed,
              name: field.name,
              type: field.type,
              refId: frame.refId,
            });
      return {
        ...field,
        refId: frame.refId,
        config,
        displayName: config.displayName ? fillDisplayName(config.displayName, field, computed) : computed,
      };
    }),
  );
}

/** `${__field.labels.route}` and its kin inside a `displayName`. */
function fillDisplayName(template: string, field: Field, computed: string): string {
  return template.replace(
    /\$\{__field\.(labels(?:\.([\w.]+))?|name|displayName)\}/g,
    (_, kind: string, label?: string) => {
      if (label !== undefined) return field.labels[label] ?? '';
      return kind === 'labels' ? computed : kind === 'name' ? field.name : computed;
    },
  );
}
