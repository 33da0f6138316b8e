/** What a query means. The language itself is described in `contract/query-language.ts`. */
export type Query =
  | { kind: 'all' }
  /** The record's text holds these words in a row; the last one may be the beginning of a word. */
  | { kind: 'text'; words: string[]; phrase: string; prefix: boolean }
  | { kind: 'equals'; field: string; value: string }
  | { kind: 'begins'; field: string; value: string }
  /** The field's text holds these words in a row (message and error.* only). */
  | { kind: 'contains'; field: string; words: string[]; phrase: string; prefix: boolean }
  | { kind: 'exists'; field: string }
  | { kind: 'range'; field: string; operator: RangeOperator; value: string }
  | { kind: 'not'; query: Query }
  | { kind: 'and' | 'or'; queries: Query[] };

export type RangeOperator = '>' | '>=' | '<' | '<=';

/** The query is not well-formed; `position` is the offset in characters at which reading stopped. */
export class QuerySyntaxError extends Error {
  override name = 'QuerySyntaxError';
  readonly position: number;
  constructor(message: string, position: number) {
    super(`${message} at position ${position}`);
    this.position = position;
  }
}
