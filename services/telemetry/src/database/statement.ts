import type { DatabaseOperation } from '../metric-definitions.ts';

/** What is said about a statement in metrics and spans; worked out once for each text. */
export interface Statement {
  /** Label of `database_operation_duration_seconds`. */
  readonly operation: DatabaseOperation;
  /** `SELECT`, `CREATE` …: attribute `db.operation.name`. */
  readonly name: string;
  /** The text with literals replaced by `?`: attribute `db.query.text`. */
  readonly sanitisedText: string;
  /** `SELECT tasks`: attribute `db.query.summary` and the span's name. */
  readonly summary: string;
}

const LABELS: Readonly<Record<string, DatabaseOperation>> = {
  SELECT: 'select',
  INSERT: 'insert',
  UPDATE: 'update',
  DELETE: 'delete',
  BEGIN: 'begin',
  START: 'begin',
  COMMIT: 'commit',
  END: 'commit',
  ROLLBACK: 'rollback',
  ABORT: 'rollback',
};

/** Applications have some dozens of statements; those that build theirs from values must not fill the memory. */
const MAX_KNOWN = 1_000;
const MAX_TEXT = 2_000;
const known = new Map<string, Statement>();

export function describeStatement(text: string): Statement {
  const seen = known.get(text);
  if (seen !== undefined) return seen;
  const statement = analyse(text);
  if (known.size < MAX_KNOWN && text.length < 20_000) known.set(text, statement);
  return statement;
}

function analyse(text: string): Statement {
  const sanitised = sanitise(text.length > 20_000 ? text.slice(0, 20_000) : text);
  const name = verb(sanitised);
  const table = target(sanitised, name);
  return {
    operation: LABELS[name] ?? 'other',
    name,
    sanitisedText: sanitised.length > MAX_TEXT ? `${sanitised.slice(0, MAX_TEXT)}…` : sanitised,
    summary: table === undefined ? name : `${name} ${table}`,
  };
}

/** Everything that may hold a value, in one pass from left to right: what starts first wins, so a quote in a comment opens nothing. */
const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"]|"")*"?|\bE'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|(?:\b[BXNU]&?)?'(?:[^']|'')*(?:'|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|\$\d+|\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b/gi;

/** Replaces string and number literals by `?`, drops comments (they carry values too), keeps identifiers and placeholders. */
function sanitise(text: string): string {
  return text
    .replace(TOKENS, (token) => {
      if (token.startsWith('--') || token.startsWith('/*')) return ' ';
      if (token.startsWith('"')) return token;
      return /^\$\d+$/.test(token) ? token : '?';
    })
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The statement's verb; behind `WITH …` the first one outside of parentheses. */
function verb(text: string): string {
  const first = /^[\s(]*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? 'OTHER';
  if (first !== 'WITH') return first.slice(0, 32);
  let depth = 0;
  for (const [token] of text.matchAll(/[()]|\b(?:select|insert|update|delete|merge)\b/gi)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (depth === 0) return token.toUpperCase();
  }
  return 'WITH';
}

const NAME = String.raw`((?:"[^"]+"|[a-z_][\w$]*)(?:\.(?:"[^"]+"|[a-z_][\w$]*))?)`;
const TARGETS: Readonly<Record<string, RegExp>> = {
  SELECT: new RegExp(String.raw`\bFROM\s+${NAME}`, 'i'),
  INSERT: new RegExp(String.raw`\bINSERT\s+INTO\s+${NAME}`, 'i'),
  UPDATE: new RegExp(String.raw`\bUPDATE\s+(?:ONLY\s+)?${NAME}`, 'i'),
  DELETE: new RegExp(String.raw`\bDELETE\s+FROM\s+(?:ONLY\s+)?${NAME}`, 'i'),
};

function target(text: string, name: string): string | undefined {
  return TARGETS[name]?.exec(text)?.[1]?.replaceAll('"', '');
}
