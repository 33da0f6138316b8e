/** What a failed request to the API means for whoever asked. */
import type { ProblemCode } from '../problem.ts';

const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
const UNREACHABLE = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);
const SILENT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** The connection was there, and broke. */
export function isBrokenConnection(error: unknown): boolean {
  return BROKEN.has(codeOf(error));
}

export function problemOf(error: unknown): { code: ProblemCode; detail: string } {
  const code = codeOf(error);
  if (UNREACHABLE.has(code)) {
    return { code: 'api_unavailable', detail: 'taskmanager-api takes no connection. Try again in a moment.' };
  }
  if (SILENT.has(code)) {
    return { code: 'api_timeout', detail: 'taskmanager-api took the request but did not answer in time.' };
  }
  return {
    code: 'api_failed',
    detail: 'The connection to taskmanager-api broke before its answer was complete.',
  };
}

/** The system's or undici's code; of several attempts (an AggregateError over addresses) that of the first. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return '';
}
