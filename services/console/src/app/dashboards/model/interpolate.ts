/**
 * `$name`, `${name}`, `${name:format}` and `[[name]]` in queries, titles and links.
 * Prometheus needs values escaped according to where they stand; https://grafana.com/docs/grafana/latest/variables/syntax/
 */

import { formatAs } from './variable-formats.ts';

export type VariableValue = string | readonly string[];

/** Every variable by name; built-in ones (`__interval`, `__from`, …) are in here too. */
export type Scope = Readonly<Record<string, VariableValue>>;

/** How values stand in the text: inside a PromQL matcher, in an address, or as words for people. */
export type Place = 'promql' | 'url' | 'text';

const REFERENCE = /\$(\w+)|\[\[(\w+)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([\w.]+))?(?::([^}]+))?\}/g;

const escapeRegex = (value: string) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Inside a PromQL string literal a backslash and a quote need one more backslash. */
const escapeLiteral = (value: string) => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"');

function many(value: VariableValue): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function formatFor(place: Place, value: VariableValue): string {
  if (place === 'text') return many(value).join(' + ');
  if (place === 'url') return encodeURIComponent(many(value).join(','));
  // One chosen value may stand in an equality matcher, so it is taken as it is; several can only stand in a regular expression.
  if (typeof value === 'string') return escapeLiteral(value);
  return value.length === 1
    ? escapeLiteral(escapeRegex(value[0] ?? ''))
    : `(${value.map((entry) => escapeLiteral(escapeRegex(entry))).join('|')})`;
}

/** A variable that is not in scope is left as it stands, so that a mistake shows in the query instead of vanishing. */
export function interpolate(source: string, scope: Scope, place: Place): string {
  return source.replace(
    REFERENCE,
    (
      whole,
      bare?: string,
      square?: string,
      squareFormat?: string,
      curly?: string,
      path?: string,
      curlyFormat?: string,
    ) => {
      const name = bare ?? square ?? curly ?? '';
      const value = scope[path === undefined ? name : `${name}.${path}`];
      if (value === undefined) return whole;
      const format = squareFormat ?? curlyFormat;
      // Built-in variables (durations, times) are already in the form in which they belong into the text.
      if (format === undefined && name.startsWith('__')) return many(value).join(',');
      return (format === undefined ? undefined : formatAs(format, value, name)) ?? formatFor(place, value);
    },
  );
}
