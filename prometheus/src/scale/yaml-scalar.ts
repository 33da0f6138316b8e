/** Edits a scalar of a YAML text in place, however it is written: plain, quoted, folded or as a block. */
import { parse, type Scalar } from 'yaml';
import type { Edit } from '../edits.ts';

/** `\n`, `\x41`, `é`, and a backslash before the end of a line. */
const ESCAPE = /^\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r?\n|.)/;

/**
 * Turns edits of a scalar's value into edits of the text that it is written in.
 * @param edits of `scalar.value` as text; what they replace begins and ends with no blank.
 */
export function editsOfScalar(text: string, scalar: Scalar, edits: readonly Edit[]): Edit[] {
  const value = String(scalar.value);
  const [from = 0, to = 0] = scalar.range ?? [];
  const places = placesOf(text, scalar, value);
  return edits.map((edit) => {
    // What is put between two characters goes behind the first of them.
    const isInsertion = edit.from === edit.to;
    const last = places.get(edit.to - 1);
    const first = isInsertion ? last : places.get(edit.from);
    if (first === undefined || last === undefined)
      throw new Error(`no place for ${edit.text} in ${JSON.stringify(text.slice(from, to))}`);
    return { from: isInsertion ? last.to : first.from, to: last.to, text: edit.text };
  });
}

/** Where each character of the value that is no blank stands in the text. Folding and indenting move nothing but blanks. */
function placesOf(
  text: string,
  { range, type }: Scalar,
  value: string,
): Map<number, { from: number; to: number }> {
  const [start = 0, end = 0] = range ?? [];
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
  const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  let at = isBlock ? text.indexOf('\n', start) + 1 : isQuoted ? start + 1 : start;
  const places = new Map<number, { from: number; to: number }>();
  for (let index = 0; index < value.length; index += 1) {
    const wanted = value.charAt(index);
    if (/\s/.test(wanted)) continue;
    let written = characterAt(text, at, type);
    while (/^\s*$/.test(written.value) && at < end) {
      at += written.length;
      written = characterAt(text, at, type);
    }
    if (written.value !== wanted)
      throw new Error(`expected ${JSON.stringify(value)} in ${JSON.stringify(text.slice(start, end))}`);
    places.set(index, { from: at, to: at + written.length });
    at += written.length;
  }
  return places;
}

/** A character as it is written at a place: what it means, and how many characters it takes. */
function characterAt(text: string, at: number, type: Scalar['type']): { value: string; length: number } {
  if (type === 'QUOTE_SINGLE' && text.startsWith("''", at)) return { value: "'", length: 2 };
  const [escaped] = type === 'QUOTE_DOUBLE' ? (ESCAPE.exec(text.slice(at, at + 10)) ?? []) : [];
  if (escaped !== undefined)
    return { value: /^\\\r?\n$/.test(escaped) ? '' : String(parse(`"${escaped}"`)), length: escaped.length };
  return { value: text.charAt(at), length: 1 };
}
