/** A place in a text and what to write there. */
export interface Edit {
  from: number;
  to: number;
  text: string;
}

/** The text with edits done; nothing else in it changes. Edits do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((one, other) => other.from - one.from)
    .reduce((result, { from, to, text: part }) => result.slice(0, from) + part + result.slice(to), text);
}
