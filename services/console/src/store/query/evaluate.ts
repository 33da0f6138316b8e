import { type Fields, textOf } from '../records/fields.ts';
import { normalise, searchableText } from '../records/text-index.ts';
import type { Query, RangeOperator } from './syntax-tree.ts';

/** What a query is asked of. */
export interface Candidate {
  fields: Fields;
  /** As the store understood it, for `log.level:`. */
  level: string;
  /** As the store understood it, for `service.name:`. */
  service: string;
}

/** Whether the record meets the query: decides for the live tail, and wherever the index only narrows. */
export function matches(query: Query, candidate: Candidate): boolean {
  let text: string | undefined;
  const decide = (part: Query): boolean => {
    switch (part.kind) {
      case 'all':
        return true;
      case 'text':
        text ??= searchableText(candidate.fields);
        return holds(text, part.phrase, part.prefix);
      case 'contains':
        return anyOf(candidate, part.field, (value) => holds(normalise(value), part.phrase, part.prefix));
      case 'equals': {
        const wanted = part.value.toLowerCase();
        return anyOf(candidate, part.field, (value) => value.toLowerCase() === wanted);
      }
      case 'begins': {
        const wanted = part.value.toLowerCase();
        return anyOf(candidate, part.field, (value) => value.toLowerCase().startsWith(wanted));
      }
      case 'exists':
        return anyOf(candidate, part.field, () => true);
      case 'range':
        return anyOf(candidate, part.field, (value) => compares(value, part.operator, part.value));
      case 'not':
        return !decide(part.query);
      case 'and':
        return part.queries.every(decide);
      case 'or':
        return part.queries.some(decide);
    }
  };
  return decide(query);
}

const WHOLE = /^-?\d{1,40}$/;
const WORD_CHARACTER = /[a-z0-9\u0080-\uffff]/;

/** Whether the phrase stands in the text, beginning and (unless `prefix`) ending where words do. Both are normalised. */
function holds(text: string, phrase: string, prefix: boolean): boolean {
  const beginsWord = WORD_CHARACTER.test(phrase[0] ?? '');
  const endsWord = !prefix && WORD_CHARACTER.test(phrase.at(-1) ?? '');
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const before = text[at - 1];
    const after = text[at + phrase.length];
    if (beginsWord && before !== undefined && WORD_CHARACTER.test(before)) continue;
    if (endsWord && after !== undefined && WORD_CHARACTER.test(after)) continue;
    return true;
  }
  return false;
}

function anyOf(candidate: Candidate, field: string, test: (value: string) => boolean): boolean {
  if (field === 'log.level') return test(candidate.level);
  if (field === 'service.name') return test(candidate.service);
  const value = Object.hasOwn(candidate.fields, field) ? candidate.fields[field] : undefined;
  if (Array.isArray(value)) return value.some((element) => test(textOf(element) ?? ''));
  const text = textOf(value);
  return text !== undefined && test(text);
}

/** Returns a number whose sign says which is greater: of whole numbers exactly, of texts where the bound is no number. */
function order(value: string, bound: string): number | undefined {
  if (WHOLE.test(value) && WHOLE.test(bound)) return Number(BigInt(value) - BigInt(bound));
  const [left, right] = [asNumber(value), asNumber(bound)];
  if (right === undefined) return value < bound ? -1 : Number(value > bound);
  return left === undefined ? undefined : left - right;
}

function compares(value: string, operator: RangeOperator, bound: string): boolean {
  const difference = order(value, bound);
  if (difference === undefined) return false;
  switch (operator) {
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
  }
}

/** Undefined for what is not a plain decimal number. */
export function asNumber(text: string): number | undefined {
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
