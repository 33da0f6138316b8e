/** Escapes of one letter; any other letter stands for itself. */
const LETTERS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/g;

/** Returns a text without its escapes as Go writes them (https://go.dev/ref/spec#String_literals). @param text what stands between the quotes. */
export function unescapeGo(text: string): string {
  return text.replaceAll(
    ESCAPE,
    (_, hex?: string, short?: string, long?: string, octal?: string, letter?: string) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const code = hex ?? short ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return LETTERS[letter ?? ''] ?? letter ?? '';
    },
  );
}

/** Returns the text of a string literal of Go or PromQL. Between backticks nothing is an escape. @param literal the quotes included. */
export function unquoteGo(literal: string): string {
  const inside = literal.slice(1, -1);
  return literal.startsWith('`') ? inside : unescapeGo(inside);
}
