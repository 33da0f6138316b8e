/**
 * Free text from browsers, made fit for a log line: secrets and personal data that commonly end up in error messages
 * are blanked, and the length is bounded. Keys of structured fields are the logger's business, not this one's.
 */
// Repetitions are bounded, or begin only where no other could have: else a hostile text costs the square of its length.
const PATTERNS: readonly [RegExp, string][] = [
  // Credentials in URLs, and the whole query: it holds what people search for, and tokens.
  [/\b(https?:\/\/)[^\s/@]{1,200}@/gi, '$1'],
  [/(\bhttps?:\/\/[^\s?#)"']{1,300})[?#][^\s)"']*/gi, '$1?[redacted]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  [/(?<![\w-])eyJ[\w-]{8,2000}\.[\w-]{1,2000}(\.[\w-]*)?/g, '[redacted]'],
  [
    /((?:password|passwd|secret|token|cookie|authorization|api[_-]?key|session_?id|taskmanager\.sid)["']?\s{0,3}[:=]\s{0,3})("[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
    '$1[redacted]',
  ],
  [/(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,6}/g, '[e-mail]'],
];

/** Longest text looked at, as a multiple of what is kept: patterns cost time. */
const HEADROOM = 2;

/** @param max length of the result in UTF-16 units; longer texts end in "…". */
export function redactText(text: string, max: number): string {
  let redacted = text.slice(0, max * HEADROOM);
  for (const [pattern, replacement] of PATTERNS) redacted = redacted.replace(pattern, replacement);
  return redacted.length > max ? `${redacted.slice(0, max - 1)}…` : redacted;
}
