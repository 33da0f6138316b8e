/** The database cannot be used at the moment; trying again later may help. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

/** Socket errors of Node.js, and names that do not resolve. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * SQLSTATEs (https://www.postgresql.org/docs/18/errcodes-appendix.html): 08 connection, 28 authorisation, 53
 * resources, 57 operator intervention (shutdown, statement timeout), and lock or transaction timeouts.
 */
const SQLSTATES = /^(?:08...|28...|53...|57(?:014|P0.)|55P03|25P0[34]|40001|40P01)$/;

/** Errors of pg and pg-pool that carry no code. */
const MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/;

/** Whether an error of the driver says that the database is gone or too slow, not that the statement is wrong. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return SOCKET_CODES.has(code) || SQLSTATES.test(code) || MESSAGES.test(error.message);
}
