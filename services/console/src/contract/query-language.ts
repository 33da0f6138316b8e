/**
 * The log query language (a small KQL), for `q` of `/api/logs`, its histogram and its tail. Limits: 2,000 characters,
 * 50 terms, 20 levels of parentheses. Bad syntax: 400 with `position`.
 *
 *     timeout                        the record's text holds this word (any case; whole words)
 *     time*                          … a word that begins so (at least two characters before the star)
 *     "connection refused"           … these characters in a row, any case
 *     http.response.status_code:500  this field equals; any case; message and error.* hold the word instead
 *     http.request.id:"a b"          quotes where a value has blanks or any of ( ) : < > "; \" and \\ inside quotes
 *     url.path:/api/*                field begins with
 *     trace.id:*                     field exists
 *     event.duration>100000000       > >= < <= on numbers, and on text by its code points
 *     a b, a AND b                   both       a OR b   either       NOT a   not       (a OR b) c   grouping
 *
 * AND, OR and NOT count only in capitals; AND binds closer than OR. An empty query finds everything.
 */
export const QUERY_LIMITS = { characters: 2000, terms: 50, depth: 20, prefixCharacters: 2 } as const;

/** Fields the console lets a person pick; any other field can be typed as well. */
export const SUGGESTED_FIELDS = [
  'log.level',
  'service.name',
  'message',
  'trace.id',
  'http.request.id',
  'http.request.method',
  'http.response.status_code',
  'url.path',
  'event.duration',
  'error.type',
  'error.message',
] as const;
