import { randomUUID } from 'node:crypto';

const SANE = /^[A-Za-z0-9._-]{8,128}$/;

/** The caller's id when it cannot do harm in logs and headers, else a new UUID. */
export function sanitisedRequestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && SANE.test(header) ? header : randomUUID();
}
