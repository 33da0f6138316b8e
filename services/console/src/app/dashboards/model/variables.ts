/** A dashboard's template variables: what they are, what may be chosen, and what is chosen. */

import type { Labels } from '../../prometheus/result.ts';
import type { Scope, VariableValue } from './interpolate.ts';
import { compilePattern } from './pattern.ts';
import { flag, list, number, oneOf, optionalText, record, records, text } from './read.ts';

export const ALL = '$__all';

export interface VariableOption {
  text: string;
  value: string;
}

const TYPES = ['query', 'custom', 'interval', 'constant', 'textbox', 'datasource', 'unsupported'] as const;

export function readVariables(templating: unknown) {
  return records(record(templating)['list']).map((source) => {
    const type = oneOf(source['type'], TYPES, 'unsupported');
    const query = source['query'];
    const current = record(source['current'])['value'];
    const multi = flag(source['multi']);
    return {
      name: text(source['name']),
      label: optionalText(source['label']) ?? text(source['name']),
      type,
      /** What Grafana calls it, to say which kind is not supported. */
      kind: text(source['type'], 'nameless'),
      query: typeof query === 'string' ? query : text(record(query)['query'], text(source['definition'])),
      regex: text(source['regex']),
      multi,
      includeAll: flag(source['includeAll']),
      /** What "All" stands for in a query; without one, every option in turn. */
      allValue: optionalText(source['allValue']),
      /** 0 none, 1/2 alphabetical up/down, 3/4 numerical up/down, 5/6 alphabetical without case. */
      sort: number(source['sort']) ?? 0,
      hidden:
        source['hide'] === 2 ||
        source['hide'] === 'hideVariable' ||
        type === 'constant' ||
        type === 'datasource',
      /** What the file chose; used until a person chooses otherwise. */
      initial: (Array.isArray(current) ? list(current) : [current]).filter(
        (value): value is string => typeof value === 'string' && value !== '',
      ),
      /** Interval variables only: how many steps `auto` aims at, and its minimum. */
      auto: flag(source['auto'])
        ? { steps: number(source['auto_count']) ?? 30, minimum: text(source['auto_min'], '10s') }
        : undefined,
    };
  });
}

export type Variable = ReturnType<typeof readVariables>[number];

export type VariableQuery =
  | { kind: 'label_values'; label: string; selector: string | undefined }
  | { kind: 'label_names' }
  | { kind: 'metrics'; pattern: string }
  | { kind: 'query_result'; expr: string }
  | { kind: 'series'; selector: string }
  | { kind: 'unknown' };

/** Reads a variable's query: a function that Grafana's Prometheus data source knows, or a selector of series. */
export function parseVariableQuery(query: string): VariableQuery {
  const call = /^\s*(\w+)\s*\((.*)\)\s*$/s.exec(query);
  const [, name, body = ''] = call ?? [];
  if (name === 'label_values') {
    const comma = body.lastIndexOf(',');
    const label = body.slice(comma + 1).trim();
    if (!/^[a-zA-Z_]\w*$/.test(label)) return { kind: 'unknown' };
    return { kind: 'label_values', label, selector: comma < 0 ? undefined : body.slice(0, comma).trim() };
  }
  if (name === 'label_names') return { kind: 'label_names' };
  if (name === 'metrics') return { kind: 'metrics', pattern: body.trim() };
  if (name === 'query_result') return { kind: 'query_result', expr: body.trim() };
  return query.trim() === '' ? { kind: 'unknown' } : { kind: 'series', selector: query.trim() };
}

/** Returns a series as its selector, `metric{a="b"}`. */
export function writeSeries({ __name__: name = '', ...labels }: Labels): string {
  const inner = Object.entries(labels).map(([label, entry]) => `${label}="${entry}"`);
  return `${name}{${inner.join(',')}}`;
}

/** `query_result` gives each series as Grafana writes it, `metric{a="b"} 1.5 1700000000000`, for the regex to pick from. */
export function writeQueryResult(labels: Labels, value: number, timeSeconds: number): string {
  return `${writeSeries(labels)} ${value} ${timeSeconds * 1000}`;
}

/** Values to options: filtered and cut by the variable's regex (named groups `text` and `value`), without doubles, sorted. */
export function toOptions(variable: Variable, values: readonly string[]): VariableOption[] {
  const pattern = variable.regex === '' ? undefined : compilePattern(variable.regex);
  const options = values.flatMap((value): VariableOption[] => {
    if (pattern === undefined) return [{ text: value, value }];
    const match = pattern.exec(value);
    if (!match) return [];
    const picked = match.groups?.['value'] ?? match[1] ?? match[0];
    return [{ text: match.groups?.['text'] ?? picked, value: picked }];
  });
  const unique = [...new Map(options.map((option) => [option.value, option])).values()];
  return sortOptions(unique, variable.sort);
}

function sortOptions(options: VariableOption[], sort: number): VariableOption[] {
  if (sort === 0) return options;
  const numeric = sort === 3 || sort === 4;
  const sign = sort % 2 === 0 ? -1 : 1;
  const leading = (value: string) => Number(/-?\d+(?:\.\d+)?/.exec(value)?.[0] ?? Number.NaN);
  return [...options].sort(
    (a, b) =>
      sign *
      (numeric
        ? leading(a.text) - leading(b.text)
        : a.text.localeCompare(b.text, 'en', { sensitivity: sort >= 5 ? 'base' : 'variant' })),
  );
}

/** `1m,5m,1h` or `Slow : 10, Fast : 1`; a comma may be escaped with a backslash. */
export function customOptions(query: string): VariableOption[] {
  return query
    .split(/(?<!\\),/)
    .map((part) => part.replace(/\\,/g, ',').trim())
    .filter((part) => part !== '')
    .map((part) => {
      const pair = /^(.+?)\s+:\s+(.+)$/.exec(part);
      return { text: pair?.[1] ?? part, value: pair?.[2] ?? part };
    });
}

/** What is chosen: the address's word first, then the file's, else everything or the first option. */
export function chosenValues(
  variable: Variable,
  options: readonly VariableOption[],
  fromAddress: readonly string[],
): string[] {
  const allowed = (value: string) =>
    variable.type === 'textbox' ||
    (value === ALL && variable.includeAll) ||
    options.some((option) => option.value === value);
  for (const wanted of [fromAddress, variable.initial]) {
    const usable = wanted
      .map((value) => (value === 'All' && variable.includeAll ? ALL : value))
      .filter(allowed);
    if (usable.includes(ALL)) return [ALL];
    if (usable.length > 0) return variable.multi ? usable : usable.slice(0, 1);
  }
  if (variable.includeAll) return [ALL];
  const first = options[0]?.value;
  return first === undefined ? [] : [first];
}

/** The value that queries see. A variable that may hold several is always a list, because it stands in a regex matcher. */
export function scopeValue(
  variable: Variable,
  options: readonly VariableOption[],
  chosen: readonly string[],
): VariableValue {
  const everything = chosen.includes(ALL);
  if (everything && variable.allValue !== undefined) return variable.allValue;
  const values = everything ? options.map((option) => option.value) : chosen;
  if (variable.multi || variable.includeAll) return values;
  return values[0] ?? '';
}

/** Words for titles: `All`, or the chosen options' texts. */
export function scopeText(options: readonly VariableOption[], chosen: readonly string[]): VariableValue {
  if (chosen.includes(ALL)) return 'All';
  return chosen.map((value) => options.find((option) => option.value === value)?.text ?? value);
}

export interface BuiltInInput {
  fromMs: number;
  toMs: number;
  stepSeconds: number;
  rateIntervalSeconds: number;
  dashboard: string;
}

/** `$__interval`, `$__rate_interval`, `$__range`, `$__from`, … */
export function builtInScope(input: BuiltInInput): Scope {
  const { fromMs, toMs, stepSeconds, rateIntervalSeconds, dashboard } = input;
  const range = Math.max(1, Math.round((toMs - fromMs) / 1000));
  const duration = (seconds: number) =>
    Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;
  return {
    __interval: duration(stepSeconds),
    __interval_ms: String(Math.round(stepSeconds * 1000)),
    __rate_interval: duration(rateIntervalSeconds),
    __rate_interval_ms: String(Math.round(rateIntervalSeconds * 1000)),
    __range: `${range}s`,
    __range_s: String(range),
    __range_ms: String(range * 1000),
    __from: String(Math.round(fromMs)),
    __to: String(Math.round(toMs)),
    __dashboard: dashboard,
  };
}
