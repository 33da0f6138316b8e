import { z } from 'zod';

/** Postgres stores no U+0000 in text; refused here, it is the caller's error and not the database's. */
const withoutNul = (text: string) => !text.includes('\u0000');
const NUL_MESSAGE = 'must not contain the character U+0000';

/** Text on one or more lines, at most `max` UTF-16 units. */
export const longText = (max: number) => z.string().max(max).refine(withoutNul, NUL_MESSAGE);

/** Text that says something: trimmed, then 1 to `max` UTF-16 units. */
export const shortText = (max: number) => z.string().trim().min(1).max(max).refine(withoutNul, NUL_MESSAGE);

/** An e-mail address in lower case, so that one mailbox is one account. */
export const emailAddress = z.email().max(254).toLowerCase();

/** A moment as the API writes it: ISO 8601 in UTC with milliseconds. */
export const timestamp = z.iso.datetime();
