/** Alertmanager's matchers, in the three ways in which a configuration writes them. */
import { CannotRun } from '../../cli/failure.ts';

export type Labels = Readonly<Record<string, string>>;
export type Matches = (labels: Labels) => boolean;

const MATCHER = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"=!~{},]+))\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;

/** Returns whether all matchers take an alert's labels. An absent label is an empty one. */
export function allOf(matchers: readonly Matches[]): Matches {
  return (labels) => matchers.every((matches) => matches(labels));
}

/** Reads entries of a `matchers` list; one entry may hold several: `{severity="critical",team=~"a|b"}`. */
export function readMatchers(entries: readonly string[]): Matches[] {
  return entries.flatMap((entry) => {
    const inside = /^\s*\{(.*)\}\s*$/s.exec(entry)?.[1] ?? entry;
    return splitOutsideQuotes(inside).map(readMatcher);
  });
}

/** Reads the older form `match: {label: value}`. */
export function equalTo(pairs: Readonly<Record<string, string>>): Matches[] {
  return Object.entries(pairs).map(([label, value]) => matcher(label, '=', value));
}

/** Reads the older form `match_re: {label: pattern}`. */
export function matching(pairs: Readonly<Record<string, string>>): Matches[] {
  return Object.entries(pairs).map(([label, value]) => matcher(label, '=~', value));
}

/** @throws CannotRun where the text is no matcher. */
function readMatcher(text: string): Matches {
  const [, quoted, plain, operator, written = ''] = MATCHER.exec(text) ?? [];
  const label = quoted ?? plain;
  if (label === undefined || operator === undefined)
    throw new CannotRun(`alertmanager.yml: expected a matcher such as severity="critical", received ${text}`);
  const value = /^"(.*)"$/s.exec(written)?.[1]?.replaceAll(/\\(["\\n])/g, unquoted) ?? written;
  return matcher(label, operator, value);
}

function matcher(label: string, operator: string, value: string): Matches {
  const read = (labels: Labels) => labels[label] ?? '';
  if (operator === '=') return (labels) => read(labels) === value;
  if (operator === '!=') return (labels) => read(labels) !== value;
  const pattern = patternOf(value);
  return (labels) => pattern.test(read(labels)) === (operator === '=~');
}

/** RE2 as far as JavaScript reads it: flags that stand in front become flags of the pattern. */
function patternOf(written: string): RegExp {
  const [, flags = '', body = written] = /^\(\?([ims]+)\)(.*)$/s.exec(written) ?? [];
  try {
    return new RegExp(`^(?:${body})$`, `${flags}u`);
  } catch (cause) {
    throw new CannotRun(`alertmanager.yml: the pattern ${JSON.stringify(written)} cannot be read`, { cause });
  }
}

function unquoted(_: string, escaped: string): string {
  return escaped === 'n' ? '\n' : escaped;
}

function splitOutsideQuotes(text: string): string[] {
  return text
    .split(/,(?=(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*$)/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
