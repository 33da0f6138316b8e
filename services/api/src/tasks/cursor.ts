/** Cursors of the task list. Opaque to callers: only what `nextCursor` said may be sent back. */
import { ProblemError } from '../problem-error.ts';

const MAX_POSITION = 9_223_372_036_854_775_807n;

export function encodeCursor(position: string): string {
  return Buffer.from(`v1:${position}`).toString('base64url');
}

/** @throws ProblemError `validation` for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): string {
  const [, position] = /^v1:([1-9]\d{0,18})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (position !== undefined && BigInt(position) <= MAX_POSITION) return position;
  throw new ProblemError('validation', {
    detail: 'The query string is not as expected',
    errors: [{ field: 'cursor', reason: 'must be the nextCursor of an earlier answer' }],
  });
}
