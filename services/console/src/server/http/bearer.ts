import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.ts';

/** Takes requests with `Authorization: Bearer TOKEN` only. Without a token nobody gets in. */
export function bearer(token: string | undefined): RequestHandler {
  const expected = token === undefined ? undefined : digest(token);
  return (request, response, next) => {
    const [, given] = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '') ?? [];
    // Digests have one length, so comparing them tells nothing about the token.
    if (given !== undefined && expected !== undefined && timingSafeEqual(digest(given), expected)) {
      next();
      return;
    }
    response.set('WWW-Authenticate', 'Bearer realm="lab"');
    throw new HttpProblem(
      401,
      expected === undefined
        ? 'LAB_TOKEN is not set on the console'
        : 'expected Authorization: Bearer LAB_TOKEN',
    );
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
