/** Fills variables in as Compose does. */

/** An innermost `${NAME}`, `${NAME:-default}`, `${NAME?message}` …; `$$` before it is an escaped dollar sign. */
const INNER = /(?<!\$)\$\{([A-Z0-9_]+)(?:(:?[-+?])([^${}]*))?\}/;

/**
 * Replaces every variable of a text, defaults inside defaults included, and turns `$$` into `$`.
 * @param variables values by name; `:` forms take an empty value for none, as Compose does.
 * @param missing text for a required variable (`:?`) that has no value; may throw instead.
 */
export function interpolate(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
  missing: (name: string) => string = (name) => `<${name}>`,
): string {
  const values: string[] = [];
  let result = text;
  for (let match = INNER.exec(result); match; match = INNER.exec(result)) {
    const [whole, name = '', operator = '', rest = ''] = match;
    const value = variables[name];
    const present = value !== undefined && !(operator.startsWith(':') && value === '');
    // A value is text, whatever it looks like: it is kept aside until everything else is filled in.
    const keep = () => `\0${values.push(value ?? '') - 1}\0`;
    const kind = operator.at(-1);
    const filled =
      kind === '+' ? (present ? rest : '') : present ? keep() : kind === '?' ? missing(name) : rest;
    result = result.slice(0, match.index) + filled + result.slice(match.index + whole.length);
  }
  return result.replaceAll('$$', '$').replaceAll(/\0(\d+)\0/g, (_, index) => values[Number(index)] ?? '');
}

/** Returns a value as Compose reads it where nothing is set: required names stay as `<NAME>`. */
export function withDefaults(text: string): string {
  return interpolate(text, {});
}
