/** Editing queries of the log query language (`contract/query-language.ts`) by clicks. */

/** A value as it may stand in a query: quoted where it holds blanks or signs that mean something. */
export function quoteValue(value: string): string {
  const plain = /^[^\s()":<>*\\]+$/.test(value) && !/^(?:AND|OR|NOT)$/.test(value);
  return plain ? value : `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}

export function term(field: string, value: unknown): string {
  return `${field}:${quoteValue(typeof value === 'string' ? value : JSON.stringify(value))}`;
}

/**
 * The query narrowed to records that hold (or, negated, do not hold) a value. A query with OR at its top is put into
 * parentheses first, because AND binds closer. A term that is there already is not added twice; its opposite is replaced.
 */
export function withTerm(query: string, field: string, value: unknown, negate = false): string {
  const positive = term(field, value);
  const [added, opposite] = negate ? [`NOT ${positive}`, positive] : [positive, `NOT ${positive}`];
  const words = query.trim();
  if (words === '') return added;
  const terms = splitTop(words);
  if (terms.includes(added)) return words;
  const rest = terms.filter((entry) => entry !== opposite);
  const base = rest.length === terms.length ? words : rest.join(' ');
  if (base === '') return added;
  const grouped = / OR /.test(base) && !isGrouped(base) ? `(${base})` : base;
  return `${grouped} ${added}`;
}

/** Top-level terms, quotes and parentheses kept whole; `NOT x` is one. */
function splitTop(query: string): string[] {
  const parts = query.match(/(?:NOT\s+)?(?:\([^()]*\)|[^\s"()]*"(?:[^"\\]|\\.)*"|[^\s()]+)/g) ?? [];
  return parts.map((part) => part.replace(/^NOT\s+/, 'NOT '));
}

/** True where one pair of parentheses spans the whole. */
function isGrouped(query: string): boolean {
  if (!query.startsWith('(') || !query.endsWith(')')) return false;
  let depth = 0;
  for (const [index, sign] of [...query].entries()) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth === 0 && index < query.length - 1) return false;
  }
  return depth === 0;
}

/** Values that a click on a field may search for: lists and objects are not searched by equality. */
export function isSearchable(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length <= 500)
  );
}

/** The service whose lines tell of this page's own questions. */
const OWN = 'lab-console';

/** True where a person asked about the console itself: then its lines are what they want. */
export function asksForOwnLines(query: string, service: string): boolean {
  return query.includes(OWN) || service.split(',').includes(OWN);
}

/** The query as it is sent: without the lines that the console writes while it is being used, unless they are wanted. */
export function withoutOwnLines(query: string): string {
  const words = query.trim();
  // In parentheses whatever it is, so that a broken query stays broken and its positions move by exactly one.
  return `${words === '' ? '' : `(${words}) `}NOT service.name:${OWN}`;
}
