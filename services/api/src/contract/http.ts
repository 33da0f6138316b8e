/** Names both sides of the HTTP interface must spell alike. */

/** Path under which every route of the API is mounted. */
export const API_PREFIX = '/api/v1';

export const SESSION_COOKIE = 'taskmanager.sid';

/**
 * Unsafe methods need this header: a page of another origin can send it only after a CORS preflight, which the API
 * never answers with permission.
 */
export const CSRF_HEADER = { name: 'x-requested-with', value: 'taskmanager' } as const;

export const REQUEST_ID_HEADER = 'x-request-id';

/** A request id that a caller may choose; any other is replaced. */
export const REQUEST_ID_PATTERN = /^[A-Za-z0-9._-]{8,128}$/;

/** Largest request body in bytes; more is answered with 413. */
export const MAX_BODY_BYTES = 100_000;
