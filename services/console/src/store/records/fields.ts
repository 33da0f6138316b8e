/** A record's fields under flat dotted names. */
export type Fields = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 10;
const MAX_FIELDS = 1000;

/** Nested objects become dotted names (`{a: {b: 1}}` → `a.b`); a record that is flat already is returned as it is. */
export function flatten(object: Fields): Fields {
  let nested = false;
  for (const key in object) {
    if (isPlainObject(object[key])) {
      nested = true;
      break;
    }
  }
  if (!nested) return object;
  // Without a prototype: a member called `__proto__` is then a field like any other.
  const flat: Record<string, unknown> = Object.create(null);
  let left = MAX_FIELDS;
  const add = (value: Fields, prefix: string, depth: number) => {
    for (const key in value) {
      if (left <= 0) return;
      const member = value[key];
      if (isPlainObject(member) && depth < MAX_DEPTH) add(member, `${prefix}${key}.`, depth + 1);
      else {
        flat[prefix + key] = member;
        left--;
      }
    }
  };
  add(object, '', 0);
  return flat;
}

export function isPlainObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field as text, undefined when it is missing or null. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
