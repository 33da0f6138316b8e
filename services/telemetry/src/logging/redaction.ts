/** What must never be written: values under telling keys, and secrets inside strings. Err on the side of removing. */

export const REDACTED = '[redacted]';

const SECRET_KEY =
  /passw|passphrase|passcode|secret|token|authori[sz]ation|cookie|apikey|privatekey|accesskey|credential|bearer|jwt|sessionid|csrf|xsrf|connectionstring|databaseurl|^(pwd|auth|pin|otp|sid|sess|session|signature)$|(pwd|sid)$/;
const verdicts = new Map<string, boolean>();
const MAX_VERDICTS = 2_000;

/** True when values under this key are secrets, whatever its case and separators (`X-Api-Key`, `newPassword`). */
export function isSecretKey(key: string): boolean {
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const plain = key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const verdict = SECRET_KEY.test(plain);
  if (verdicts.size < MAX_VERDICTS) verdicts.set(key, verdict);
  return verdict;
}

/** One cheap look that lets almost every string pass untouched. */
const SUSPICIOUS =
  /passw|secret|token|authori[sz]ation|cookie|api[-_]?key|bearer|basic |credential|\bsid\b|\bpwd\b|eyj|:\/\/[^\s/]*@/i;

// All repetitions that may overlap are bounded: a hostile string must not cost more than its length.
const WORD = String.raw`(?:passw(?:or)?d|passphrase|secret|token|api[-_]?key|credentials?|pwd|\bsid)[\w.$-]{0,40}`;
/** `password=…`, `"accessToken": "…"`, `token: …`; the separator may be escaped, as in JSON inside a string. */
const ASSIGNMENT = new RegExp(
  String.raw`(${WORD}\\?["']?\s{0,8}[=:]\s{0,8})(?!\[redacted\])(?:\\?"(?:[^"\\]|\\[^"])*\\?"?|'[^']*'?|[^\s&,;"'}\])]+)`,
  'gi',
);
/** A header: everything up to the closing quote, or where there is none up to the line's end. */
const HEADER =
  /((?:proxy-)?authori[sz]ation|(?:set-)?cookie)(\\?["']?\s{0,8}[:=]\s{0,8})(?!\\?["']?\[redacted\])(?:\\?"[^"\r\n]*|'[^'\r\n]*|[^\s"'][^\r\n]*)/gi;
const SCHEME = /\b(bearer|basic)\s{1,8}[\w.~+/=-]{6,}/gi;
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@]*@/gi;

/** Removes credentials from free text: messages, stack traces, URLs. */
export function redactText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .replaceAll(URL_PASSWORD, `$1${REDACTED}@`)
    .replaceAll(HEADER, `$1$2${REDACTED}`)
    .replaceAll(SCHEME, `$1 ${REDACTED}`)
    .replaceAll(JSON_WEB_TOKEN, REDACTED)
    .replaceAll(ASSIGNMENT, `$1${REDACTED}`);
}

/**
 * Removes from a query string (without `?`) the values of telling parameters, also where the name is percent-encoded, and
 * values that hold an e-mail address: people search for people.
 */
export function redactQuery(query: string): string {
  if (query === '') return query;
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals === -1) return redactText(pair);
      const name = pair.slice(0, equals);
      const value = pair.slice(equals + 1);
      return isSecretKey(decoded(name)) || holdsMailAddress(value)
        ? `${name}=${REDACTED}`
        : `${name}=${redactText(value)}`;
    })
    .join('&');
}

const holdsMailAddress = (value: string) => /[^@]@[^@]/.test(value.replaceAll(/%40/gi, '@'));

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not valid percent-encoding: then the name is what stands there.
    return text;
  }
}
