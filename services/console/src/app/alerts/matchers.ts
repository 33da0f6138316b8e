/** Silence matchers as text, the way amtool writes them: `alertname="HighErrorRate",service=~"api|web"`. */

export interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

/** Labels that say where an alert was seen rather than what it is; a silence of it should outlive them. */
const FLEETING = new Set(['instance', 'pod', 'time_scale']);

/** One exact matcher for each label that identifies the alert. */
export function matchersFor(labels: Readonly<Record<string, string>>): Matcher[] {
  return Object.entries(labels)
    .filter(([name]) => !FLEETING.has(name))
    .map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
}

export function writeMatcher({ name, value, isRegex, isEqual }: Matcher): string {
  const operator = `${isEqual ? '' : '!'}${isRegex ? '~' : ''}`;
  const sign = operator === '' ? '=' : operator === '~' ? '=~' : operator === '!' ? '!=' : '!~';
  return `${name}${sign}"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}

export function writeMatchers(matchers: readonly Matcher[]): string {
  return matchers.map(writeMatcher).join(', ');
}

/**
 * Reads what {@link writeMatchers} writes; values may stand without quotes where they hold no comma.
 * @returns undefined where any part of the text is not a matcher.
 */
export function parseMatchers(text: string): Matcher[] | undefined {
  const pattern = /\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^",]*))\s*(?:,|$)/y;
  const matchers: Matcher[] = [];
  let position = 0;
  while (position < text.length) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    const [whole, name, sign, quoted, bare] = match ?? [];
    if (whole === undefined || name === undefined || sign === undefined || whole === '') return undefined;
    matchers.push({
      name,
      value: quoted === undefined ? (bare ?? '').trim() : quoted.replace(/\\(.)/g, '$1'),
      isRegex: sign.endsWith('~'),
      isEqual: !sign.startsWith('!'),
    });
    position += whole.length;
  }
  return matchers.length === 0 ? undefined : matchers;
}
