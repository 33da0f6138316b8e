import type { Request, RequestHandler } from 'express';
import { REQUESTED_WITH_HEADER, REQUESTED_WITH_VALUE } from '../../contract/problem.ts';
import { HttpProblem } from './problem.ts';

/** Takes a change only from our own pages: they can send the header, foreign ones cannot. */
export const fromOwnPages: RequestHandler = (request, _response, next) => {
  if (request.get(REQUESTED_WITH_HEADER) !== REQUESTED_WITH_VALUE) {
    throw new HttpProblem(403, `expected the header ${REQUESTED_WITH_HEADER}: ${REQUESTED_WITH_VALUE}`);
  }
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin')
    throw new HttpProblem(403, `expected a request of the same origin, received sec-fetch-site: ${site}`);
  if (!isOwnOrigin(request)) throw new HttpProblem(403, 'expected a request of the same origin');
  next();
};

/** Takes a webhook only from programs: a browser's request names its origin or site. */
export const fromPrograms: RequestHandler = (request, _response, next) => {
  if (request.get('origin') !== undefined || request.get('sec-fetch-site') !== undefined) {
    throw new HttpProblem(403, 'expected a webhook from a program, received one from a browser');
  }
  next();
};

function isOwnOrigin(request: Request): boolean {
  const origin = request.get('origin');
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === request.get('host');
}
