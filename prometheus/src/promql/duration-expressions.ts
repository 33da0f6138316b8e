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

/**
 * A computed offset is in parentheses or a call, after its sign if it has one. Behind parentheses without a sign Prometheus reads on:
 * `x offset (5m) * 2` looks back ten minutes, `x offset 5m * 2` is twice what was five minutes ago.
 */
function afterOffset(tokens: readonly Token[], start: number): Span[] {
  const first = tokens[start];
  const signs = /^[+-]*/.exec(textFrom(tokens, start))?.[0].length ?? 0;
  let end = endOfOperand(tokens, start);
  if (first === undefined || end === undefined) return [];
  const goesOn = first.text === '(' || signs > 1;
  while (goesOn && /^[-+*/%^]$/.test(tokens[end]?.text ?? '')) {
    const next: number | undefined = endOfOperand(tokens, end + 1);
    if (next === undefined) break;
    end = next;
  }
  const last = tokens[end - 1];
  return last ? [{ from: first.from, to: last.to }] : [];
}

function textFrom(tokens: readonly Token[], start: number): string {
  return tokens
    .slice(start)
    .map(({ text }) => text)
    .join('');
}

/** The index behind a literal, a call of a duration, or something in parentheses; undefined where none of them stands. */
function endOfOperand(tokens: readonly Token[], start: number): number | undefined {
  let index = start;
  while (/^[+-]$/.test(tokens[index]?.text ?? '')) index += 1;
  if (/^[\d.]/.test(tokens[index]?.text ?? '')) return index + 1;
  if (/^(?:step|range|min|max|min_of|max_of)$/i.test(tokens[index]?.text ?? '')) index += 1;
  if (tokens[index]?.text !== '(') return undefined;
  for (let depth = 0; index < tokens.length; index += 1) {
    if (tokens[index]?.text === '(') depth += 1;
    if (tokens[index]?.text === ')') depth -= 1;
    if (depth === 0) return index + 1;
  }
  return undefined;
}
