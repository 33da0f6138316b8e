import { createHash, timingSafeEqual } from 'node:crypto';

/** Returns a check of the header Authorization: true when it is `Bearer TOKEN`. Without a token nobody gets in. */
export function bearerCheck(token: string | undefined): (authorization: string | undefined) => boolean {
  const expected = token === undefined ? undefined : digest(token);
  return (authorization = '') => {
    const given = /^Bearer (.+)$/i.exec(authorization)?.[1];
    // Digests have one length, so the time taken tells neither content nor length of the token.
    return given !== undefined && expected !== undefined && timingSafeEqual(digest(given), expected);
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
