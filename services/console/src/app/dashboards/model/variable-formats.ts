/** The formats of `${name:format}`, as Grafana's scenes 9.2 write them; https://grafana.com/docs/grafana/latest/variables/advanced-syntax/ */
import { formatText } from '../../format/units.ts';

export interface Formatted {
  /** One value, or several of a variable that may hold several. */
  value: string | readonly string[];
  /** What stands behind the format's name: `join:;`, `date:YYYY-MM`, `customqueryparam:name:prefix`. */
  arguments: readonly string[];
  variable: string;
}

type Format = (formatted: Formatted) => string;

const many = (value: Formatted['value']): readonly string[] => (typeof value === 'string' ? [value] : value);

/** Escapes what a regular expression takes as syntax, the slash too: Grafana means JavaScript's, not only RE2's. */
const escapeRegex = (value: string) => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');

const escapeLucene = (value: string) =>
  Number.isNaN(Number(value)) ? value.replace(/[!*+\-=<>\s&|()[\]{}^~?:\\/"]/g, '\\$&') : value;

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const strict = (encoded: string) =>
  encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** Returns a list as `{a,b}`, one value as it is. */
const braced = (value: Formatted['value']) => (typeof value === 'string' ? value : `{${value.join(',')}}`);

const joined =
  (separator: string): Format =>
  ({ value }) =>
    many(value).join(separator);

const each =
  (write: (value: string) => string): Format =>
  ({ value }) =>
    many(value).map(write).join(',');

function regex({ value }: Formatted): string {
  const escaped = many(value).map(escapeRegex);
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

function lucene({ value }: Formatted): string {
  if (typeof value === 'string') return escapeLucene(value);
  return value.length === 0
    ? '__empty__'
    : `(${value.map((entry) => `"${escapeLucene(entry)}"`).join(' OR ')})`;
}

/** `iso` where nothing is asked for, `seconds`, `ms`, or a pattern. The value is milliseconds since the epoch. */
function date({ value, arguments: [kind = 'iso', ...rest] }: Formatted): string {
  const ms = typeof value === 'string' ? Number.parseInt(value, 10) : Number.NaN;
  if (Number.isNaN(ms)) return 'NaN';
  if (kind === 'ms') return String(value);
  if (kind === 'seconds') return String(Math.round(ms / 1000));
  if (kind === 'iso') return new Date(ms).toISOString();
  return formatText(ms, `time:${[kind, ...rest].join(':')}`);
}

function queryParameters(name: string, prefix: string): Format {
  return ({ value }) =>
    many(value)
      .map((entry) => `${name}=${prefix}${strict(encodeURIComponent(entry))}`)
      .join('&');
}

const FORMATS: Readonly<Record<string, Format>> = {
  raw: joined(','),
  csv: joined(','),
  pipe: joined('|'),
  join: ({ value, arguments: [separator = ','] }) => many(value).join(separator),
  distributed: ({ value, variable }) =>
    many(value)
      .map((entry, index) => (index === 0 ? entry : `${variable}=${entry}`))
      .join(','),
  regex,
  lucene,
  glob: ({ value }) => (many(value).length > 1 ? braced(value) : many(value).join(',')),
  json: ({ value }) => (typeof value === 'string' ? value : JSON.stringify(value)),
  html: ({ value }) =>
    many(value)
      .join(', ')
      .replace(/[&<>"']/g, (character) => HTML[character] ?? character),
  singlequote: each((value) => `'${value.replace(/'/g, "\\'")}'`),
  doublequote: each((value) => `"${value.replace(/"/g, '\\"')}"`),
  sqlstring: each((value) => `'${value.replace(/'/g, "''").replace(/"/g, '\\"')}'`),
  percentencode: ({ value }) => strict(encodeURIComponent(braced(value))),
  uriencode: ({ value }) => strict(encodeURI(braced(value))),
  queryparam: (formatted) => queryParameters(`var-${formatted.variable}`, '')(formatted),
  customqueryparam: (formatted) => {
    const [name = '', prefix = ''] = formatted.arguments;
    const encode = (text: string) => strict(encodeURIComponent(text));
    return queryParameters(encode(name || formatted.variable), encode(prefix))(formatted);
  },
  date,
  text: joined(' + '),
};

/** @param format the text behind the colon, arguments included. @returns undefined for a format that Grafana does not know. */
export function formatAs(format: string, value: Formatted['value'], variable: string): string | undefined {
  const [name = '', ...rest] = format.split(':');
  return FORMATS[name]?.({ value, arguments: rest, variable });
}
