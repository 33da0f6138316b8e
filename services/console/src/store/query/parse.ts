import { QUERY_LIMITS } from '../../contract/query-language.ts';
import { normalise, words } from '../records/text-index.ts';
import { type Query, QuerySyntaxError } from './syntax-tree.ts';
import { type Token, tokenise } from './tokens.ts';

/** Fields whose `:` finds words in them; every other field is compared as a whole. */
const TEXT_FIELDS = new Set(['message', 'error.message', 'error.stack_trace']);

/** Reads a query. @throws QuerySyntaxError with the position of the first thing that is wrong. */
export function parseQuery(text: string): Query {
  if (text.length > QUERY_LIMITS.characters) {
    throw new QuerySyntaxError(
      `expected at most ${QUERY_LIMITS.characters} characters, found ${text.length}`,
      QUERY_LIMITS.characters,
    );
  }
  const reader = new Reader(tokenise(text));
  if (reader.next.kind === 'end') return { kind: 'all' };
  const query = reader.either(0);
  if (reader.next.kind === ')') throw new QuerySyntaxError('found ) without its (', reader.next.position);
  return query;
}

class Reader {
  #tokens: Token[];
  #at = 0;
  #terms = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    // The last token is always `end`, which nothing steps over.
    return this.#tokens[this.#at] as Token;
  }

  either(depth: number): Query {
    const queries = [this.#both(depth)];
    while (this.next.kind === 'OR') {
      this.#at++;
      queries.push(this.#both(depth));
    }
    return queries.length === 1 ? (queries[0] as Query) : { kind: 'or', queries };
  }

  #both(depth: number): Query {
    const queries = [this.#one(depth)];
    for (;;) {
      if (this.next.kind === 'AND') this.#at++;
      else if (this.next.kind === 'end' || this.next.kind === 'OR' || this.next.kind === ')') break;
      queries.push(this.#one(depth));
    }
    return queries.length === 1 ? (queries[0] as Query) : { kind: 'and', queries };
  }

  #one(depth: number): Query {
    const token = this.next;
    if (depth > QUERY_LIMITS.depth)
      throw new QuerySyntaxError(`expected at most ${QUERY_LIMITS.depth} levels`, token.position);
    switch (token.kind) {
      case 'NOT':
        this.#at++;
        return { kind: 'not', query: this.#one(depth + 1) };
      case '(': {
        this.#at++;
        const query = this.either(depth + 1);
        if (this.next.kind !== ')')
          throw new QuerySyntaxError(
            `expected ) for the ( of position ${token.position}`,
            this.next.position,
          );
        this.#at++;
        return query;
      }
      case 'field':
        this.#at++;
        this.#count(token);
        return this.#field(token);
      case 'word':
      case 'quoted':
        this.#at++;
        this.#count(token);
        return freeText(token);
      default:
        throw new QuerySyntaxError(
          `expected a word, a field or (, found ${token.kind === 'end' ? 'the end' : token.kind}`,
          token.position,
        );
    }
  }

  #field({ name, operator, position }: Extract<Token, { kind: 'field' }>): Query {
    const value = this.next;
    if (value.kind !== 'word' && value.kind !== 'quoted') {
      throw new QuerySyntaxError(`expected a value for ${name}${operator}`, value.position);
    }
    this.#at++;
    if (operator !== ':') return { kind: 'range', field: name, operator, value: value.text };
    if (value.kind === 'word' && value.text === '*') return { kind: 'exists', field: name };
    if (TEXT_FIELDS.has(name)) return { ...textMatch(value), kind: 'contains', field: name };
    if (value.kind === 'quoted' || !value.text.endsWith('*'))
      return { kind: 'equals', field: name, value: value.text };
    const begin = value.text.slice(0, -1);
    if (begin.includes('*')) throw new QuerySyntaxError('expected * only at the end of a value', position);
    return { kind: 'begins', field: name, value: begin };
  }

  #count(token: Token): void {
    if (++this.#terms > QUERY_LIMITS.terms)
      throw new QuerySyntaxError(`expected at most ${QUERY_LIMITS.terms} terms`, token.position);
  }
}

type Text = Extract<Token, { kind: 'word' | 'quoted' }>;

function freeText(token: Text): Query {
  if (token.kind === 'word' && token.text === '*') return { kind: 'all' };
  return { kind: 'text', ...textMatch(token) };
}

function textMatch({ kind, text, position }: Text): { words: string[]; phrase: string; prefix: boolean } {
  const prefix = kind === 'word' && text.endsWith('*');
  const plain = prefix ? text.slice(0, -1) : text;
  if (kind === 'word' && plain.includes('*'))
    throw new QuerySyntaxError('expected * only at the end of a word', position + plain.indexOf('*'));
  const phrase = normalise(plain).trim();
  const found = words(phrase);
  if (found.length === 0)
    throw new QuerySyntaxError(`expected a letter or digit in ${JSON.stringify(text)}`, position);
  const last = found.at(-1) ?? '';
  if (prefix && (last.length < QUERY_LIMITS.prefixCharacters || !phrase.endsWith(last))) {
    throw new QuerySyntaxError(
      `expected at least ${QUERY_LIMITS.prefixCharacters} letters or digits before *`,
      position,
    );
  }
  return { words: found, phrase, prefix };
}
