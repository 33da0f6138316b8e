import { bearerCheck } from '@lab/kit';
import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.ts';

/** Takes requests with `Authorization: Bearer TOKEN` only. Without a token nobody gets in. */
export function bearer(token: string | undefined): RequestHandler {
  const isAuthorized = bearerCheck(token);
  return (request, response, next) => {
    if (isAuthorized(request.get('authorization'))) {
      next();
      return;
    }
    response.set('WWW-Authenticate', 'Bearer realm="lab"');
    throw new HttpProblem(
      401,
      token === undefined
        ? 'LAB_TOKEN is not set on the console'
        : 'expected Authorization: Bearer LAB_TOKEN',
    );
  };
}
