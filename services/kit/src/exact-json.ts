/** The form that `JSON.parse` gives a reviver as its third argument (https://github.com/tc39/proposal-json-parse-with-source). */
interface ReviverContext {
  /** The text of a primitive value as it stood. */
  source?: string;
}

const MANY_DIGITS = /\d{16}/;
const WHOLE = /^-?\d+$/;

/**
 * Parses JSON without rounding: a whole number that a double cannot hold is returned as its decimal text, so that the id
 * 9007199254740993 does not become …992. Everything else is as `JSON.parse` returns it.
 * @throws SyntaxError as `JSON.parse` does.
 */
export function parseExactJson(text: string): unknown {
  // Looking at each value costs several times a plain parse, and few texts have numbers that long.
  if (!MANY_DIGITS.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, context?: ReviverContext) =>
    typeof value === 'number' && context?.source !== undefined && WHOLE.test(context.source)
      ? exactWhole(BigInt(context.source))
      : value,
  );
}

/** Returns the number where a double holds it exactly and writes it with the same digits, else its decimal text. */
export function exactWhole(value: bigint): number | string {
  const digits = String(value);
  return Number.isSafeInteger(Number(value)) || String(Number(value)) === digits ? Number(value) : digits;
}
