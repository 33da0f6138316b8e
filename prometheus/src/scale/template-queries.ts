/** Expressions within the text templates of alerts: `{{ with query "rate(x[5m])" }}`. */
import { type Edit, edited } from '../edits.ts';

const ACTION = /\{\{([\s\S]*?)\}\}/g;
const QUERY = /\bquery\s+("(?:[^"\\]|\\.)*"|`[^`]*`)/g;

/** A template that asks in a string which cannot be read. */
export class UnreadableTemplate extends Error {
  override readonly name = 'UnreadableTemplate';
}

/**
 * Edits the expressions that a template asks Prometheus for; only those that are written in it as a string.
 * @param editsFor the edits of one expression.
 * @throws UnreadableTemplate where a string has an escape of Go's that JSON does not know.
 */
export function queryEdits(template: string, editsFor: (promql: string) => Edit[]): Edit[] {
  return [...template.matchAll(ACTION)].flatMap((action) =>
    [...(action[1] ?? '').matchAll(QUERY)].flatMap((query) => {
      const literal = query[1] ?? '';
      const from = action.index + 2 + query.index + query[0].length - literal.length;
      if (!literal.includes('\\'))
        return editsFor(literal.slice(1, -1)).map((edit) => ({
          ...edit,
          from: from + 1 + edit.from,
          to: from + 1 + edit.to,
        }));
      const promql = unescaped(literal);
      const edits = editsFor(promql);
      return edits.length === 0
        ? []
        : [{ from, to: from + literal.length, text: JSON.stringify(edited(promql, edits)) }];
    }),
  );
}

function unescaped(literal: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch (cause) {
    throw new UnreadableTemplate(`the string ${literal} of a template cannot be read`, { cause });
  }
}
