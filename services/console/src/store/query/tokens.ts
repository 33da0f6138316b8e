import { QuerySyntaxError } from './syntax-tree.ts';

export type FieldOperator = ':' | '>' | '>=' | '<' | '<=';
export type Token =
  | { kind: '(' | ')' | 'AND' | 'OR' | 'NOT' | 'end'; position: number }
  | { kind: 'word' | 'quoted'; text: string; position: number }
  /** A name with its operator right behind it, as in `http.route:` or `event.duration>=`. */
  | { kind: 'field'; name: string; operator: FieldOperator; position: number };

const KEYWORDS: readonly string[] = ['AND', 'OR', 'NOT'];
const FIELD = /([\p{L}\p{N}_@][\p{L}\p{N}_@.-]*)(:|>=|<=|>|<)/uy;
const WORD = /[^\s():<>"]+/y;
/** Right behind an operator, colons and angles belong to the value: `client.ip:::1`, `url.full:http://x`. */
const VALUE = /[^\s()"]+/y;

/** Splits a query; the last token is `end`. @throws QuerySyntaxError */
export function tokenise(query: string): Token[] {
  const tokens: Token[] = [];
  const read = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at;
    return pattern.exec(query);
  };
  let afterOperator = false;
  for (let at = 0; at < query.length; ) {
    const position = at;
    const character = query[at] ?? '';
    const isValue = afterOperator;
    afterOperator = false;
    if (/\s/.test(character)) {
      at++;
    } else if (character === '(' || character === ')') {
      tokens.push({ kind: character, position });
      at++;
    } else if (character === '"') {
      const end = endOfQuoted(query, at);
      tokens.push({ kind: 'quoted', text: query.slice(at + 1, end).replace(/\\(["\\])/g, '$1'), position });
      at = end + 1;
    } else {
      const field = isValue ? null : read(FIELD, at);
      const text = field?.[0] ?? read(isValue ? VALUE : WORD, at)?.[0];
      if (text === undefined)
        throw new QuerySyntaxError(`expected a word, a field or (, found ${character}`, at);
      at += text.length;
      if (field) {
        tokens.push({ kind: 'field', name: field[1] ?? '', operator: field[2] as FieldOperator, position });
        afterOperator = true;
      } else if (!isValue && KEYWORDS.includes(text)) {
        tokens.push({ kind: text as 'AND', position });
      } else tokens.push({ kind: 'word', text, position });
    }
  }
  tokens.push({ kind: 'end', position: query.length });
  return tokens;
}

function endOfQuoted(query: string, start: number): number {
  for (let at = start + 1; at < query.length; at++) {
    if (query[at] === '\\') at++;
    else if (query[at] === '"') return at;
  }
  throw new QuerySyntaxError('expected a closing quote for the one that opens', start);
}
