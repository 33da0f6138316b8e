/**
 * Where durations of an expression are computed, as Prometheus 3 allows behind `--enable-feature=promql-duration-expr`:
 * `[5m * 2]`, `[1h:step() * 2]`, `offset -max_of(step(), 1m)`.
 */

/** A place in an expression. */
export interface Span {
  from: number;
  to: number;
}

const TOKEN =
  /#[^\n]*|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|`[^`]*`|[A-Za-z_][\w:]*|[\d.][\w.]*|\s+|[\s\S]/g;
const LITERAL = /^[+-]?\s*[\d.][\w.]*$|^[+-]?\s*(?:inf|nan)$/i;

interface Token extends Span {
  text: string;
}

/** Finds the durations that are not one literal, in the order of the expression; never the literal ones. */
export function findDurationExpressions(expression: string): Span[] {
  const tokens = [...expression.matchAll(TOKEN)]
    .map(({ 0: text, index: from }): Token => ({ text, from, to: from + text.length }))
    .filter(({ text }) => !/^(?:\s|#)/.test(text));
  const found: Span[] = [];
  tokens.forEach((token, index) => {
    const spans =
      token.text === '['
        ? inBrackets(tokens, index + 1)
        : token.text.toLowerCase() === 'offset'
          ? afterOffset(tokens, index + 1)
          : [];
    for (const span of spans)
      if (!LITERAL.test(expression.slice(span.from, span.to).replaceAll(/#[^\n]*/g, ''))) found.push(span);
  });
  return found;
}

/** The range, and where there is a colon with something behind it, the step. */
function inBrackets(tokens: readonly Token[], start: number): Span[] {
  const spans: Span[] = [];
  let part: Token[] = [];
  for (const token of tokens.slice(start)) {
    if (token.text !== ':' && token.text !== ']') {
      part.push(token);
      continue;
    }
    const [first, last] = [part[0], part.at(-1)];
    if (first && last) spans.push({ from: first.from, to: last.to });
    if (token.text === ']') return spans;
    part = [];
  }
  // No closing bracket: the grammar says what is wrong with the expression.
  return [];
}

/** A computed offset is in parentheses or a call; after its sign, if it has one. Anything else ends where a literal ends. */
function afterOffset(tokens: readonly Token[], start: number): Span[] {
  const first = tokens[start];
  let index = start + (/^[+-]$/.test(first?.text ?? '') ? 1 : 0);
  if (/^(?:step|range|min|max|min_of|max_of)$/i.test(tokens[index]?.text ?? '')) index += 1;
  if (first === undefined || tokens[index]?.text !== '(') return [];
  for (let depth = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.text === '(') depth += 1;
    if (token?.text === ')') depth -= 1;
    if (token && depth === 0) return [{ from: first.from, to: token.to }];
  }
  return [];
}
