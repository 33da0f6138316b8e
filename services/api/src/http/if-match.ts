/** Entity tags of tasks (RFC 9110, sections 8.8.3 and 13.1.1): `"<version>"`, always strong. */
import { ProblemError } from '../problem-error.ts';

/** `any` for `*`, else the versions of which one must be the current one; none matches an empty list. */
export type ExpectedVersion = 'any' | readonly number[];

export function etagOf(version: number): string {
  return `"${version}"`;
}

const LIST = /^\s*(?:W\/)?"[^"]*"\s*(?:,\s*(?:W\/)?"[^"]*"\s*)*$/;
const MEMBER = /(W\/)?"([^"]*)"/g;
/** What fits Postgres's `integer`. */
const MAX_VERSION = 2_147_483_647;

/**
 * Reads `If-Match`. A weak tag never matches: strong comparison is asked for.
 * @throws ProblemError `validation` when it is no list of entity tags.
 */
export function parseIfMatch(header: string | undefined): ExpectedVersion | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return 'any';
  if (!LIST.test(header)) {
    throw new ProblemError('validation', {
      detail: 'The header If-Match is not as expected',
      errors: [
        { field: 'If-Match', reason: 'must be the ETag of the task as it was read, in double quotes' },
      ],
    });
  }
  return [...header.matchAll(MEMBER)]
    .filter(([, weak, tag]) => weak === undefined && /^[1-9]\d{0,9}$/.test(tag ?? ''))
    .map(([, , tag]) => Number(tag))
    .filter((version) => version <= MAX_VERSION);
}

/** @throws ProblemError `precondition_required` where there is no `If-Match`. */
export function requireIfMatch(header: string | undefined): ExpectedVersion {
  const expected = parseIfMatch(header);
  if (expected !== undefined) return expected;
  throw new ProblemError('precondition_required', {
    detail: 'Send If-Match with the ETag of the task as you read it, so that nobody else’s change is lost',
  });
}
